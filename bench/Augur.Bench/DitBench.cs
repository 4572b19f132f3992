using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Bench;

/// <summary>The block stack of DiT-S/2, alternating with PyTorch call by call.</summary>
internal static class DitBench
{
    public static void Run(TextWriter output, int threads, int rounds, ReadOnlySpan<int> batches)
    {
        using var torch = TorchPeer.Start(threads);
        var paths = Enum.GetValues<CpuPath>().Where(path => path != CpuPath.Portable && CpuOptions.IsSupported(path)).Reverse().ToArray();
        var backends = paths.Select(path => new CpuBackend(new CpuOptions { Path = path, Threads = threads })).ToArray();
        using var single = new CpuBackend(new CpuOptions { Threads = 1 });
        var names = paths.Select(p => $"Augur {p}").Append("bfloat16 W").ToList();
        var stacks = backends.Select(b => new DitStack(b)).Append(new DitStack(backends[0], DType.BFloat16)).ToList();
        var owners = backends.Append(backends[0]).ToList();
        if (threads > 1)
        {
            names.Add("1 thread, wall");
            stacks.Add(new DitStack(single));
            owners.Add(single);
        }

        output.WriteLine($"\n### Block stack of DiT-S/2, 256 tokens, {threads} thread(s): ms best/median "
            + $"({torch?.Version ?? "PyTorch not installed"})\n");
        output.WriteLine("| batch | PyTorch | " + string.Join(" | ", names) + " | GFLOP/s | time against PyTorch's, best/median |");
        output.WriteLine("|---|---|" + string.Concat(Enumerable.Repeat("---|", names.Count + 2)));
        foreach (var batch in batches.ToArray())
        {
            using var scope = TensorScope.Begin();
            var inputs = owners.Select(b => (X: Values.Tensor(b, [batch, DitStack.Tokens, DitStack.Channels], 1),
                C: Values.Tensor(b, [batch, DitStack.Channels], 2))).ToArray();
            var peer = new List<double>();
            var contenders = stacks.Select<DitStack, Action>((stack, i) => () =>
            {
                using var call = TensorScope.Begin();
                stack.Forward(inputs[i].X, inputs[i].C);
            }).ToList();
            if (torch is not null)
            {
                contenders.Add(() => peer.AddRange(torch.Measure(batch, 1)));
            }

            var laps = PairedTiming.Run(threads == 1, rounds, 0, [.. contenders]);
            peer.Sort();
            var lap = peer.Count == 0 ? default : new Lap(peer[0], peer[peer.Count / 2]);
            var cells = stacks.Select((_, i) => laps[i].ToString());
            output.WriteLine($"| {batch} | {(torch is null ? "-" : lap.ToString())} | {string.Join(" | ", cells)} | "
                + $"{laps[0].Rate(DitStack.Work(batch))} | "
                + (torch is null ? "- |" : $"{laps[0].Best / lap.Best:F2}/{laps[0].Median / lap.Median:F2} |"));
            output.Flush();
        }

        stacks.ForEach(stack => stack.Dispose());
        foreach (var backend in backends)
        {
            backend.Dispose();
        }
    }
}
