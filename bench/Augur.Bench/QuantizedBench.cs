using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Bench;

/// <summary>y = x · Wᵀ + bias with quantised weights against the same product with single-precision weights, in shapes of FLUX.</summary>
internal static class QuantizedBench
{
    private static readonly (int N, int K)[] s_shapes = [(3072, 3072), (3072, 12288)];

    /// <summary>Rows that are measured where none are given.</summary>
    public static readonly int[] Rows = [1, 8, 64, 512, 1024];

    private static readonly QuantizedFormat[] s_formats =
    [
        QuantizedFormat.Q8_0, QuantizedFormat.Q4_0, QuantizedFormat.Q5_0, QuantizedFormat.Q4_K, QuantizedFormat.Q5_K, QuantizedFormat.Q6_K,
        QuantizedFormat.Q3_K, QuantizedFormat.Q2_K, QuantizedFormat.IQ4_XS, QuantizedFormat.Float8E4M3,
    ];

    public static void Run(TextWriter output, int threads, int rounds, int[] rows)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads });
        output.WriteLine($"\n### Quantised weights, {backend.Options.Path}, {threads} thread(s)\n");
        output.WriteLine("Time relative to that of Float32 weights: best (median of the rounds).\n");
        output.WriteLine($"| N, K, rows | Float32, GFLOP/s best/median | {string.Join(" | ", s_formats)} |");
        output.WriteLine("|---|---|" + string.Concat(Enumerable.Repeat("---|", s_formats.Length)));
        foreach (var (n, k) in s_shapes)
        {
            using var scope = TensorScope.Begin();
            var bias = Values.Tensor(backend, [n], 3);
            using var single = backend.Pack(Values.Tensor(backend, [n, k], 2), bias);
            var packed = Array.ConvertAll(s_formats, format => backend.Pack(new QuantizedMatrix(format, n, k, Blocks(format, n, k)), bias));
            foreach (var m in rows)
            {
                using var inner = TensorScope.Begin();
                var (x, y) = (Values.Tensor(backend, [m, k], 1), Tensor.Empty(backend, [m, n]));
                var laps = PairedTiming.Run(
                    threads == 1, rounds, 0.004,
                    [() => backend.Linear(x, single, default, y), .. packed.Select(weight => (Action)(() => backend.Linear(x, weight, default, y)))]);
                var ratios = laps.Skip(1).Select(lap => $"{lap.Best / laps[0].Best:F2} ({lap.Median / laps[0].Median:F2})");
                output.WriteLine($"| {n}, {k}, {m} | {laps[0].Rate(2.0 * m * n * k / 1e9)} | {string.Join(" | ", ratios)} |");
                output.Flush();
            }

            Array.ForEach(packed, weight => weight.Dispose());
        }
    }

    // Random bits with moderate scales.
    internal static byte[] Blocks(QuantizedFormat format, int rows, int columns)
    {
        var random = new Random(5);
        var bytes = new byte[rows * format.RowBytes(columns)];
        random.NextBytes(bytes);
        for (var block = 0; block < bytes.Length; block += format.BlockBytes())
        {
            foreach (var place in format.ScaleOffsets())
            {
                bytes[block + place + 1] = (byte)(0x10 + (bytes[block + place + 1] & 3));
            }
        }

        return format.IsFloat8() ? Array.ConvertAll(bytes, b => (byte)(b & 0xbf)) : bytes;
    }
}
