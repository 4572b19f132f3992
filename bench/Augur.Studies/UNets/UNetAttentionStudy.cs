using System.Diagnostics;
using System.Globalization;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Studies.UNets;

/// <summary>What self-attention of a Stable Diffusion network costs at 512×512 pixels with fewer tokens.</summary>
internal static class UNetAttentionStudy
{
    /// <summary>
    /// Self-attention of 64×64 cells, 320 channels, 8 heads, for fewer tokens, with the gathering and the copies back: its rate as a share of the
    /// dense one's, medians of processor time.
    /// </summary>
    public static void Run(int rounds, TextWriter output)
    {
        const int Tokens = 4096, Channels = 320, Heads = 8;
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var scope = TensorScope.Begin();
        var random = new Random(1);
        Tensor Drawn(params int[] shape) => Tensor.From(
            backend, [.. Enumerable.Range(0, shape.Aggregate(1, (p, n) => p * n)).Select(_ => (float)(random.NextDouble() - 0.5) / 16)], [.. shape]);
        var (x, one, zero) = (Drawn(1, Tokens, Channels), Drawn(Channels), Drawn(Channels));
        using var qkv = backend.Pack(Drawn(3 * Channels, Channels), null);
        using var projection = backend.Pack(Drawn(Channels, Channels), null);
        double[] shares = [1, 0.75, 0.6, 0.5, 0.25];
        var plans = shares.Select(share =>
        {
            var kept = (int)(share * Tokens);
            int[] stay = [.. Enumerable.Range(0, Tokens).OrderBy(_ => random.Next()).Take(kept).Order()];
            int[] sources = [.. Enumerable.Range(0, Tokens).Select(token => Math.Max(0, Array.FindLastIndex(stay, s => s <= token)))];
            return (Count: kept, Stay: IndexTable.From(backend, stay, [1, kept]), Sources: IndexTable.From(backend, sources, [1, Tokens]));
        }).ToArray();
        var seconds = plans.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < plans.Length; i++)
            {
                using var inner = TensorScope.Begin();
                var before = Processor();
                var h = (i == 0 ? x : x.GatherTokens(plans[i].Stay)).LayerNorm(one, zero, 1e-5f).Linear(qkv);
                var y = h.Chunk(0, 3).AttendTo(h.Chunk(1, 3), h.Chunk(2, 3), Heads).Linear(projection);
                (i == 0 ? y : y.GatherTokens(plans[i].Sources)).ToArray();
                seconds[i].Add((Processor() - before).TotalSeconds);
            }
        }

        output.WriteLine("| tokens | GFLOP | ms | GFLOP/s | of the dense rate | times faster |");
        output.WriteLine("|---|---|---|---|---|---|");
        var medians = Array.ConvertAll(seconds, laps => laps.Order().ElementAt(laps.Count / 2));
        for (var i = 0; i < plans.Length; i++)
        {
            var n = (double)plans[i].Count;
            var flops = ((8 * n * Channels * Channels) + (4 * n * n * Channels)) / 1e9;
            var dense = ((8.0 * Tokens * Channels * Channels) + (4.0 * Tokens * Tokens * Channels)) / 1e9 / medians[0];
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {plans[i].Count} | {flops:0.0} | {1000 * medians[i]:0} | {flops / medians[i]:0} | {flops / medians[i] / dense:0%} "
                + $"| {medians[0] / medians[i]:0.00} |"));
        }
    }

    private static TimeSpan Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
