using System.CommandLine;
using Augur.Tensors.Cpu;

namespace Augur.Cli.Commands.Options;

/// <summary>The options that every computing command shares.</summary>
internal static class ComputeOptions
{
    public static Option<int?> Threads() => NumberOptions.OptionalInteger("--threads", "Threads that compute; default: all cores.", 1, 1024);

    public static CpuBackend Backend(int? threads) => threads is { } count ? new CpuBackend(new CpuOptions { Threads = count }) : new CpuBackend();
}
