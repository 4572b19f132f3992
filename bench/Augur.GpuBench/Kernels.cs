using Augur.Tensors;
using Augur.Vulkan;

namespace Augur.GpuBench;

/// <summary>Rates of linear maps and attention, by the device's own clock.</summary>
internal static class Kernels
{
    private const double Seconds = 0.1;                // of one measurement

    private static readonly (string Weights, DType Activations)[] s_types =
        [("f16", DType.Float16), ("f16", DType.Float32), ("Q8_0", DType.Float32), ("Q4_K", DType.Float32)];

    public static void Linear(VulkanDevice device, IEnumerable<DType> precisions, Sizes sizes)
    {
        foreach (var precision in precisions)
        {
            using var backend = new VulkanBackend(device, new VulkanOptions { ProductPrecision = precision });
            foreach (var (name, rows, inputs, outputs) in sizes.Linear)
            {
                foreach (var (weights, activations) in s_types)
                {
                    if (weights.StartsWith('Q') && inputs % 256 != 0)
                    {
                        continue;
                    }

                    using var scope = TensorScope.Begin();
                    using var weight = weights switch
                    {
                        "f16" => backend.Pack(Tensor.Full(backend, [outputs, inputs], 0.01f).As(DType.Float16), null),
                        "Q8_0" => Quantized(backend, QuantizedFormat.Q8_0, outputs, inputs),
                        _ => Quantized(backend, QuantizedFormat.Q4_K, outputs, inputs),
                    };
                    var (x, y) = (Tensor.Full(backend, [rows, inputs], 0.5f).As(activations), Tensor.Empty(backend, [rows, outputs], activations));
                    var work = 2.0 * rows * inputs * outputs;
                    Write($"linear | {name} {rows}x{inputs}->{outputs} | products {precision}, weights {weights}, activations {activations}", work,
                        Measure(backend, sizes, () => backend.Linear(x, weight, default, y)));
                }
            }
        }
    }

    public static void Attention(VulkanDevice device, IEnumerable<DType> precisions, Sizes sizes)
    {
        foreach (var precision in precisions)
        {
            using var backend = new VulkanBackend(device, new VulkanOptions { ProductPrecision = precision });
            foreach (var (name, batch, tokens, heads, width) in sizes.Attention)
            {
                foreach (var type in new[] { DType.Float16, DType.Float32 })
                {
                    using var scope = TensorScope.Begin();
                    Tensor Of(float value) => Tensor.Full(backend, [batch, tokens, heads * width], value).As(type);
                    var (q, k, v, y) = (Of(0.1f), Of(0.2f), Of(0.3f), Of(0));
                    Write($"attention | {name} | products {precision}, operands {type}", 4.0 * batch * tokens * tokens * heads * width,
                        Measure(backend, sizes, () => backend.Attention(q, k, v, heads, 1 / MathF.Sqrt(width), default, y)));
                }
            }
        }
    }

    public static void Convolution(VulkanDevice device, IEnumerable<DType> precisions, Sizes sizes)
    {
        foreach (var precision in precisions)
        {
            using var backend = new VulkanBackend(device, new VulkanOptions { ProductPrecision = precision });
            foreach (var (name, side, channels, outputs) in sizes.Convolution)
            {
                foreach (var type in new[] { DType.Float16, DType.Float32 })
                {
                    using var scope = TensorScope.Begin();
                    var values = Tensor.Full(backend, [outputs, 9 * channels], 0.01f).As(DType.Float16);
                    using var weight = new PackedConv2d(backend.Pack(values, null), 3, 3, channels);
                    var x = Tensor.Full(backend, [1, side, side, channels], 0.5f).As(type);
                    var y = Tensor.Empty(backend, [1, side, side, outputs], type);
                    Write($"conv | {name} {side}x{side}x{channels}->{outputs}, 3x3 | products {precision}, activations {type}",
                        18.0 * side * side * channels * outputs, Measure(backend, sizes, () => backend.Conv2d(x, weight, 1, Padding.All(1), y)));
                }
            }
        }
    }

    private static PackedLinear Quantized(VulkanBackend backend, QuantizedFormat format, int outputs, int inputs) =>
        backend.Pack(new QuantizedMatrix(format, outputs, inputs, new byte[outputs * format.RowBytes(inputs)]), null);

    private static void Write(string what, double work, double seconds) =>
        Console.WriteLine($"{what} | {work / seconds / 1e12:0.000###} TFLOP/s, {seconds * 1e3:0.000} ms");

    // Median of three measurements of as many runs as fit, after one that compiles and one that warms up.
    private static double Measure(VulkanBackend backend, Sizes sizes, Action run)
    {
        double Busy(int runs)
        {
            var before = backend.Queue.BusySeconds;
            for (var i = 0; i < runs; i++)
            {
                run();
            }

            backend.Synchronize();
            return (backend.Queue.BusySeconds - before) / runs;
        }

        Busy(1);
        var once = Math.Max(1e-6, Busy(1));
        var count = sizes.IsToy ? 1 : (int)Math.Clamp(Seconds / once, 2, 200);
        double[] times = [.. Enumerable.Range(0, sizes.IsToy ? 1 : 3).Select(_ => Busy(count)).Order()];
        return times[times.Length / 2];
    }
}
