// Feeds damaged weight files to the readers and reports what happened; the exit code is 1 if anything but a clean refusal did.
//
//     dotnet run -c Release --project bench/Augur.Fuzz -- [inputs, default 100000] [seed, default 1]
//
// Run it from the repository: the seeds are tests/fixtures/weights and some files made in memory. Results: bench/results/fuzz.md.
using System.Diagnostics;
using System.Globalization;
using Augur.Fuzz;

var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
var seeds = FuzzSeed.All(Path.Combine("tests", "fixtures", "weights"));
var watch = Stopwatch.StartNew();
var report = new WeightFuzzer(seeds, seed).Run(count);

Console.WriteLine($"inputs            {count} from {seeds.Count} files, seed {seed}");
Console.WriteLine($"accepted          {report.Accepted}");
Console.WriteLine($"refused           {report.Refused}, for {report.Reasons.Count} different reasons");
Console.WriteLine($"failures          {report.Failures.Count}");
Console.WriteLine($"most allocated    {report.MostBytes} bytes (limit {WeightFuzzer.MostBytes})");
Console.WriteLine($"longest input     {report.Longest.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture)} ms (limit 1000)");
Console.WriteLine($"time              {watch.Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s");
foreach (var failure in report.Failures.Take(20))
{
    Console.WriteLine(failure);
}

return report.Failures.Count == 0 && report.Longest < TimeSpan.FromSeconds(1) ? 0 : 1;
