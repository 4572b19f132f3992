using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Bench;

/// <summary>y = x · Wᵀ + bias with quantised weights in singles and by integers, in shapes of FLUX's blocks.</summary>
internal static class IntegerBench
{
    private static readonly (int N, int K)[] s_shapes = [(3072, 3072), (9216, 3072), (12288, 3072), (3072, 12288), (21504, 3072), (3072, 15360)];

    private static readonly QuantizedFormat[] s_formats = [QuantizedFormat.Q8_0, QuantizedFormat.Q4_0, QuantizedFormat.Q4_K, QuantizedFormat.Q6_K];

    public static void Run(TextWriter output, int threads, int rounds, int[] rows)
    {
        using var singles = new CpuBackend(new CpuOptions { Threads = threads });
        using var integers = new CpuBackend(new CpuOptions { Threads = threads, IntegerProducts = true });
        output.WriteLine($"\n### Products by integers, {singles.Options.Path}, {threads} thread(s)\n");
        output.WriteLine("GFLOP/s, best/median of the rounds; in brackets the median of the integers' time relative to that of the singles'.\n");
        output.WriteLine($"| N, K, rows | Float32 | {string.Join(" | ", s_formats.Select(f => $"{f} in singles | {f} by integers"))} |");
        output.WriteLine("|---|---|" + string.Concat(Enumerable.Repeat("---|---|", s_formats.Length)));
        foreach (var (n, k) in s_shapes)
        {
            using var scope = TensorScope.Begin();
            using var single = singles.Pack(Values.Tensor(singles, [n, k], 2), null);
            var wide = Array.ConvertAll(s_formats, format => singles.Pack(Matrix(format, n, k), null));
            var packed = Array.ConvertAll(s_formats, format => integers.Pack(Matrix(format, n, k), null));
            foreach (var m in rows)
            {
                using var inner = TensorScope.Begin();
                var (x, y) = (Values.Tensor(singles, [m, k], 1), Tensor.Empty(singles, [m, n]));
                var (xi, yi) = (Values.Tensor(integers, [m, k], 1), Tensor.Empty(integers, [m, n]));
                List<Action> all = [() => singles.Linear(x, single, default, y)];
                for (var i = 0; i < s_formats.Length; i++)
                {
                    var (w, p) = (wide[i], packed[i]);
                    all.Add(() => singles.Linear(x, w, default, y));
                    all.Add(() => integers.Linear(xi, p, default, yi));
                }

                var laps = PairedTiming.Run(threads == 1, rounds, 0.004, [.. all]);
                var work = 2.0 * m * n * k / 1e9;
                var cells = s_formats.Select((_, i) => $"{laps[(2 * i) + 1].Rate(work)} | {laps[(2 * i) + 2].Rate(work)} "
                    + $"({laps[(2 * i) + 2].Median / laps[(2 * i) + 1].Median:F2})");
                output.WriteLine($"| {n}, {k}, {m} | {laps[0].Rate(work)} | {string.Join(" | ", cells)} |");
                output.Flush();
            }

            Array.ForEach([.. wide, .. packed], weight => weight.Dispose());
        }
    }

    private static QuantizedMatrix Matrix(QuantizedFormat format, int n, int k) => new(format, n, k, QuantizedBench.Blocks(format, n, k));
}
