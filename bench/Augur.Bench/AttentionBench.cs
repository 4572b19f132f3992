using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Bench;

/// <summary>Attention with queries, keys and values as columns of one tensor, as a diffusion transformer has them.</summary>
internal static class AttentionBench
{
    public static void Run(TextWriter output, int threads, int rounds)
    {
        var paths = Enum.GetValues<CpuPath>().Where(CpuOptions.IsSupported).Reverse().ToArray();
        var backends = paths.Select(path => new CpuBackend(new CpuOptions { Path = path, Threads = threads })).ToArray();
        output.WriteLine($"\n### Attention, {threads} thread(s): ms best/median (share of the peak beside it, by medians)\n");
        output.WriteLine("| batch x tokens, heads x channels | peak GFLOP/s | " + string.Join(" | ", paths) + " |");
        output.WriteLine("|---|---|" + string.Concat(Enumerable.Repeat("---|", paths.Length)));
        foreach (var (batch, tokens, heads, width) in new[] { (1, 64, 6, 64), (1, 256, 6, 64), (1, 256, 16, 72), (1, 1024, 6, 128), (1, 1024, 1, 512),
            (1, 4096, 2, 64) })
        {
            using var scope = TensorScope.Begin();
            var contenders = new List<Action>();
            foreach (var backend in backends)
            {
                var qkv = Values.Tensor(backend, [batch, tokens, 3 * heads * width], 1);
                var (q, k, v) = (qkv.Chunk(0, 3), qkv.Chunk(1, 3), qkv.Chunk(2, 3));
                var y = Tensor.Empty(backend, q.Shape);
                contenders.Add(Peak.Loop(backend.Options.Path));
                contenders.Add(() => backend.Attention(q, k, v, heads, 1 / MathF.Sqrt(width), default, y));
            }

            var laps = PairedTiming.Run(threads == 1, rounds, 0.004, [.. contenders]);
            var flops = 4.0 * batch * heads * tokens * tokens * width / 1e9;
            var cells = paths.Select((path, i) =>
                $"{laps[(2 * i) + 1]} ({flops / laps[(2 * i) + 1].Median / (Peak.Work(path) / laps[2 * i].Median):P0})");
            output.WriteLine($"| {batch}x{tokens}, {heads}x{width} | {laps[0].Rate(Peak.Work(paths[0]))} | {string.Join(" | ", cells)} |");
            output.Flush();
        }

        foreach (var backend in backends)
        {
            backend.Dispose();
        }
    }
}
