using System.Globalization;
using System.Runtime.InteropServices;
using Augur.Bench;

// Augur.Bench [gemm|quantized|integers|attention|dit|forecast|tokens|all] [threads, default 1 and 2] [rounds, default 15]
// [batch of dit, default 1 and 8, or rows of quantized and integers]: Markdown on standard output.
var what = args.Length > 0 ? args[0] : "all";
int[] threadCounts = args.Length > 1 ? [int.Parse(args[1], CultureInfo.InvariantCulture)] : [1, 2];
var rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 15;
int[] batches = args.Length > 3 ? [int.Parse(args[3], CultureInfo.InvariantCulture)] : [1, 8];
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var output = Console.Out;

var cpu = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
    : null;
var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Trim() : "unknown";
output.WriteLine($"{cpu?.Split(':')[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} processors, "
    + $"{RuntimeInformation.FrameworkDescription}, load average at the start {load}"
    + (OpenBlas.IsInstalled ? $", {OpenBlas.Configuration}" : string.Empty));
foreach (var threads in threadCounts)
{
    if (what is "gemm" or "all")
    {
        GemmBench.Run(output, threads, rounds);
    }

    if (what is "quantized" or "all")
    {
        QuantizedBench.Run(output, threads, rounds, args.Length > 3 ? batches : QuantizedBench.Rows);
    }

    if (what is "integers" or "all")
    {
        IntegerBench.Run(output, threads, rounds, args.Length > 3 ? batches : [1, 64, 1280]);
    }

    if (what is "attention" or "all")
    {
        AttentionBench.Run(output, threads, rounds);
    }

    if (what is "forecast" or "all")
    {
        ForecastBench.Run(output, threads, rounds);
    }

    if (what is "tokens" or "all")
    {
        TokensBench.Run(output, threads, rounds);
    }

    if (what is "dit" or "all")
    {
        DitBench.Run(output, threads, rounds, batches);
    }
}
