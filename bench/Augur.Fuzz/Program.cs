// Feeds damaged files to the readers and reports what happened; the exit code is 1 if anything but a clean refusal did.
//
//     dotnet run -c Release --project bench/Augur.Fuzz -- [files or folders] [inputs, default 100000 or 5000] [seed, default 1]
//
// "files": weight files alone. "folders": the way from a model folder to the first picture. Run it from the repository: the seeds are in
// tests/fixtures, and some files are made in memory. Results: bench/results/fuzz.md.
using System.Diagnostics;
using System.Globalization;
using Augur.Fuzz;

var mode = args is ["files" or "folders", ..] ? args[0] : "files";
var rest = args is ["files" or "folders", ..] ? args[1..] : args;
var isFolders = mode == "folders";
var count = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : isFolders ? 5_000 : 100_000;
var seed = rest.Length > 1 ? int.Parse(rest[1], CultureInfo.InvariantCulture) : 1;
var watch = Stopwatch.StartNew();
var report = isFolders ? RunFolders() : RunFiles();

Console.WriteLine($"{mode,-17} {count}, seed {seed}");
Console.WriteLine($"accepted          {report.Accepted}");
Console.WriteLine($"refused           {report.Refused}, for {report.Reasons.Count} different reasons");
Console.WriteLine($"failures          {report.Failures.Count}");
Console.WriteLine($"most allocated    {report.MostBytes} bytes (limit {(isFolders ? FolderFuzzer.MostBytes : WeightFuzzer.MostBytes)})");
if (isFolders)
{
    Console.WriteLine($"most in tensors   {report.MostTensorBytes} bytes (limit {FolderFuzzer.MostTensorBytes})");
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"longest input     {report.Longest.TotalMilliseconds:F1} ms (limit {report.LongestAllowed.TotalMilliseconds})"));
Console.WriteLine($"time              {watch.Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s");
foreach (var failure in report.Failures.Take(20))
{
    Console.WriteLine(failure);
}

return report.Failures.Count == 0 && report.Longest < report.LongestAllowed ? 0 : 1;

FuzzReport RunFiles() => new WeightFuzzer(FuzzSeed.All(Path.Combine("tests", "fixtures", "weights")), seed).Run(count);

FuzzReport RunFolders()
{
    using var fuzzer = new FolderFuzzer(FolderSeed.All(Path.Combine("tests", "fixtures", "field-faults")), seed);
    return fuzzer.Run(count);
}
