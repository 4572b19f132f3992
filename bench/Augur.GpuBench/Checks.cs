using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Vulkan;

namespace Augur.GpuBench;

/// <summary>Products and attention on the device against the processor's: a quick answer to whether figures mean anything.</summary>
internal static class Checks
{
    public static void Run(VulkanDevice device, IEnumerable<DType> precisions, Sizes sizes)
    {
        using var host = new CpuBackend();
        foreach (var precision in precisions)
        {
            using var backend = new VulkanBackend(device, new VulkanOptions { ProductPrecision = precision });
            var tolerance = precision == DType.Float32 ? 2e-5 : 4e-3;
            foreach (var (rows, outputs, inputs) in sizes.IsToy ? [(5, 33, 256)] : new[] { (1, 100, 300), (130, 257, 512), (512, 1152, 1152) })
            {
                foreach (var type in new[] { DType.Float32, DType.Float16, DType.BFloat16 })
                {
                    Compare($"{precision} linear {rows}x{inputs}->{outputs} {type}", tolerance, b =>
                    {
                        using var weight = b.Pack(((1 / MathF.Sqrt(inputs)) * Random(b, [outputs, inputs], 2)).As(type), Random(b, [outputs], 3));
                        return Random(b, [rows, inputs], 1).Linear(weight, Activation.GeluTanh).ToArray();
                    });
                }
            }

            foreach (var format in Enum.GetValues<QuantizedFormat>())
            {
                var bytes = new byte[96 * format.RowBytes(512)];
                new Random(1).NextBytes(bytes);
                bytes = [.. bytes.Select(b => (byte)(b & 0x1f))]; // small, whatever a byte means
                Compare($"{precision} linear {format}", tolerance, b =>
                {
                    using var weight = b.Pack(new QuantizedMatrix(format, 96, 512, bytes), null);
                    return Random(b, [70, 512], 1).Linear(weight).ToArray();
                });
            }

            foreach (var (side, channels, stride, type) in new[]
            {
                (9, 8, 1, DType.Float32), (9, 16, 2, DType.Float16), (11, 5, 1, DType.BFloat16),
            })
            {
                Compare($"{precision} conv {side}x{side}x{channels}, every {stride}, {type}", tolerance, b =>
                {
                    using var weight = new PackedConv2d(
                        b.Pack((1 / MathF.Sqrt(9 * channels)) * Random(b, [70, 9 * channels], 2), Random(b, [70], 3)), 3, 3, channels);
                    return Random(b, [2, side, side, channels], 1).As(type).Conv2d(weight, stride, Padding.All(1)).ToArray();
                });
            }

            foreach (var (queries, keys, heads, width) in new[] { (70, 70, 2, 64), (33, 100, 3, 72), (64, 64, 1, 128), (20, 40, 1, 300) })
            {
                foreach (var isCausal in new[] { false, true })
                {
                    Compare($"{precision} attention {queries}x{keys}x{heads}x{width}{(isCausal ? ", causal" : "")}", tolerance, b =>
                    {
                        Shape shape = [2, keys, heads * width];
                        var options = new AttentionOptions(IsCausal: isCausal, KeyCounts: IndexTable.From(b, [keys, keys - 3]));
                        return Random(b, [2, queries, heads * width], 1).AttendTo(Random(b, shape, 2), Random(b, shape, 3), heads, options).ToArray();
                    });
                }
            }

            void Compare(string name, double allowed, Func<IBackend, float[]> run)
            {
                using var scope = TensorScope.Begin();
                var (expected, actual) = (run(host), run(backend));
                var largest = Math.Max(1e-3, expected.Max(MathF.Abs));
                var worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() / largest;
                Console.WriteLine($"check | {name} | {(worst <= allowed ? "pass" : "FAIL")} {worst:0.0e+00} (allowed {allowed:0e+00})");
            }
        }
    }

    public static Tensor Random(IBackend backend, Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.From(backend, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextSingle() * 2) - 1)], shape);
    }
}
