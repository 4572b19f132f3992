using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Bench;

/// <summary>What a forecast costs per feature: sums over kept differences, and taking a computed feature in, beside a copy of one feature.</summary>
internal static class ForecastBench
{
    private const int MaxTerms = 5;

    public static void Run(TextWriter output, int threads, int rounds)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads });
        output.WriteLine($"\n### Forecasting, {threads} thread(s), {backend.Options.Path}: GB/s read and written, best/median, by number and type "
            + $"of the terms\n");
        output.WriteLine("| shape | terms | copy | LinearCombination | AddGatedCombination | UpdateDifferences |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (var shape in new Shape[] { [2, 64, 192], [2, 256, 1152] })
        {
            foreach (var type in new[] { DType.Float32, DType.BFloat16 })
            {
                for (var terms = 1; terms <= MaxTerms; terms++)
                {
                    using var scope = TensorScope.Begin();
                    Measure(output, backend, shape, type, terms, rounds);
                }
            }
        }
    }

    private static void Measure(TextWriter output, CpuBackend backend, Shape shape, DType type, int count, int rounds)
    {
        Tensor x = Values.Tensor(backend, shape, 1), y = Tensor.Zeros(backend, shape);
        var gate = Values.Tensor(backend, [shape[0], 6 * shape.Columns], 2, 0.01f).Chunk(2, 6);
        Tensor[] terms = [.. Enumerable.Range(0, count).Select(i => Values.Tensor(backend, shape, 3 + i).As(type))];
        var coefficients = Enumerable.Range(1, count).Select(i => 1f / i).ToArray();
        var laps = PairedTiming.Run(
            backend.Options.Threads == 1,
            rounds,
            0.002,
            () => backend.Copy(x, y),
            () => backend.LinearCombination(terms, coefficients, y),
            () => backend.AddGatedCombination(y, gate, terms, coefficients, y),
            () => backend.UpdateDifferencesInPlace(x, terms, count, -3));
        double feature = x.ByteCount / 1e9, kept = count * terms[0].ByteCount / 1e9;
        var update = feature + (2 * kept) - (kept / count); // the last difference is not read
        output.WriteLine($"| {shape} | {count} {type} | {laps[0].Rate(2 * feature)} | {laps[1].Rate(kept + feature)} "
            + $"| {laps[2].Rate(kept + (2 * feature))} | {laps[3].Rate(update)} |");
        output.Flush();
    }
}
