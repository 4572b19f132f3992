using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Bench;

/// <summary>
/// A feed-forward branch for some of 256 tokens (gather, layer norm with modulation, product with GELU, product, scatter) beside the branch for
/// all of them, in one race: the rate of the two products, in percent of the dense one's.
/// </summary>
internal static class TokensBench
{
    private const int Tokens = 256;
    private static readonly int[] s_counts = [8, 16, 32, 64, 128, 256];

    public static void Run(TextWriter output, int threads, int rounds)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads });
        output.WriteLine($"\n### Some of 256 tokens, {threads} thread(s), {backend.Options.Path}: GFLOP/s of the products, by medians (share of the "
            + $"dense branch's)\n");
        output.WriteLine("| rows x channels | weight | dense | " + string.Join(" | ", s_counts.Select(k => $"k = {k}")) + " |");
        output.WriteLine("|---|---|---|" + string.Concat(Enumerable.Repeat("---|", s_counts.Length)));
        foreach (var channels in new[] { 192, 384, 1152 })
        {
            foreach (var rows in new[] { 2, 16 })
            {
                foreach (var type in new[] { DType.Float32, DType.BFloat16 })
                {
                    using var scope = TensorScope.Begin();
                    using var branch = new Branch(backend, rows, channels, type);
                    Measure(output, branch, threads, rounds);
                }
            }
        }

        output.WriteLine($"\n### The parts around the products at 16 rows of 1152 channels, {threads} thread(s): ms by medians\n");
        output.WriteLine("| k | gather | scatter | k largest of 256 |");
        output.WriteLine("|---|---|---|---|");
        foreach (var k in s_counts)
        {
            using var scope = TensorScope.Begin();
            using var branch = new Branch(backend, 16, 1152, DType.Float32);
            var laps = PairedTiming.Run(threads == 1, rounds, 0.002, branch.Parts(k));
            output.WriteLine($"| {k} | {string.Join(" | ", laps.Select(lap => $"{lap.Median * 1e3:F3}"))} |");
        }
    }

    private static void Measure(TextWriter output, Branch branch, int threads, int rounds)
    {
        Action[] contenders = [branch.Dense, .. s_counts.Select(branch.Subset)];
        var laps = PairedTiming.Run(threads == 1, rounds, 0.004, contenders);
        var dense = branch.Work(Tokens) / laps[0].Median;
        var cells = s_counts.Select((k, i) => branch.Work(k) / laps[i + 1].Median).Select(rate => $"{rate:F0} ({rate / dense:P0})");
        output.WriteLine($"| {branch.Name} | {dense:F0} | {string.Join(" | ", cells)} |");
        output.Flush();
    }

    private sealed class Branch(CpuBackend backend, int rows, int channels, DType type) : IDisposable
    {
        private readonly Tensor _x = Values.Tensor(backend, [rows, Tokens, channels], 1);
        private readonly Tensor _y = Tensor.Zeros(backend, [rows, Tokens, channels]);
        private readonly Tensor _modulation = Values.Tensor(backend, [rows, 2 * channels], 2);
        private readonly Tensor _scores = Values.Tensor(backend, [rows, Tokens], 3);
        private readonly PackedLinear _up = Pack(backend, type, 4 * channels, channels, 4);
        private readonly PackedLinear _down = Pack(backend, type, channels, 4 * channels, 5);

        public string Name => $"{rows} x {channels} | {type}";

        /// <summary>GFLOP of the products for k tokens of each row.</summary>
        public double Work(int k) => 16.0 * rows * k * channels * channels / 1e9;

        public void Dense()
        {
            using var scope = TensorScope.Begin();
            Compute(_x);
        }

        public Action Subset(int k)
        {
            var indices = _scores.TopK(k);
            return () =>
            {
                using var scope = TensorScope.Begin();
                _y.ScatterTokensInPlace(indices, Compute(_x.GatherTokens(indices)));
            };
        }

        public Action[] Parts(int k)
        {
            var indices = _scores.TopK(k);
            var some = Tensor.Empty(backend, [rows, k, channels]);
            return
            [
                () => backend.GatherTokens(_x, indices, some),
                () => backend.ScatterTokensInPlace(some, indices, _y),
                () => backend.TopK(_scores, k, indices),
            ];
        }

        public void Dispose()
        {
            _up.Dispose();
            _down.Dispose();
        }

        private static PackedLinear Pack(CpuBackend backend, DType type, int outputs, int inputs, int seed)
        {
            using var scope = TensorScope.Begin();
            var weight = Values.Tensor(backend, [outputs, inputs], seed, 1.7f / MathF.Sqrt(inputs));
            return backend.Pack(type == DType.Float32 ? weight : weight.As(type), Values.Tensor(backend, [outputs], seed + 50, 0.1f));
        }

        private Tensor Compute(Tensor x) =>
            x.ModulatedLayerNorm(_modulation.Chunk(0, 2), _modulation.Chunk(1, 2), 1e-6f).Linear(_up, Activation.GeluTanh).Linear(_down);
    }
}
