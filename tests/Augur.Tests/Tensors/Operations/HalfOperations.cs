using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <summary>The operations that read and write half precision between products; all others refuse it by name.</summary>
internal static class HalfOperations
{
    /// <summary>Name; and the operation over its operands, each as it was converted, with the type of its result.</summary>
    public static IReadOnlyList<(string Name, Func<Operands, Func<Tensor, Tensor>, DType, Tensor> Run)> All { get; } =
    [
        ("Linear", (o, convert, to) =>
        {
            var values = Tensor.From(o.Backend, o.Numbers(12L * o.Channels), [12, o.Channels]);
            using var weight = o.Backend.Pack((1 / MathF.Sqrt(o.Channels)) * values, null);
            var (gate, residual) = (convert(o.Next([o.Batch, 12])), convert(o.Next(o.Shape.With(2, 12))));
            return convert(o.Next()).Linear(weight, new LinearEpilogue(Activation.Silu, gate, residual), to);
        }),
        ("LayerNorm", (o, convert, to) => convert(o.Next()).LayerNorm(1e-6f, to)),
        ("LayerNorm with weight and bias", (o, convert, to) =>
            convert(o.Next()).LayerNorm(convert(o.Shared([o.Channels])), convert(o.Shared([o.Channels])), 1e-6f, to)),
        ("ModulatedLayerNorm", (o, convert, to) =>
            convert(o.Next()).ModulatedLayerNorm(convert(o.Next([o.Batch, o.Channels])), convert(o.Next([o.Batch, o.Channels])), 1e-6f, to)),
        ("RmsNorm", (o, convert, to) => convert(o.Next()).RmsNorm(convert(o.Shared([o.Channels / 6])), 1e-6f, 6, to)),
        ("Rotate", (o, convert, to) => convert(o.Next()).Rotate(
            o.Shared([o.Shape[1], o.Channels / 12]), o.Shared([o.Shape[1], o.Channels / 12]), RotaryPairs.Interleaved, 6, to)),
        ("Attention", (o, convert, to) => convert(0.3f * o.Next()).AttendTo(convert(o.Next()), convert(o.Next()), 6, default, to)),
        ("AddGated", (o, convert, to) => convert(o.Next()).AddGated(convert(o.Next([o.Batch, o.Channels])), convert(o.Next()), to)),
        ("Activate", (o, convert, to) => convert(o.Next()).Activate(Activation.GeluTanh, to)),
        ("GroupNorm", (o, convert, to) => AsPicture(convert(o.Next())).GroupNorm(
            4, o.Shared([o.Channels]), o.Shared([o.Channels]), 1e-6f, Activation.Silu, to)),
        ("Conv2d", (o, convert, to) =>
        {
            var values = Tensor.From(o.Backend, o.Numbers(3L * 9 * o.Channels), [3, 9 * o.Channels]);
            using var kernel = new PackedConv2d(o.Backend.Pack((1 / MathF.Sqrt(9 * o.Channels)) * values, null), 3, 3, o.Channels);
            return AsPicture(convert(o.Next())).Conv2d(kernel, 1, Padding.All(1), to);
        }),
        ("TimesActivated", (o, convert, to) => convert(o.Next()).TimesActivated(convert(o.Next()), Activation.Silu, to)),
    ];

    // [batch, tokens, channels] as a picture one pixel high.
    private static Tensor AsPicture(Tensor x) => x.Reshape([x.Shape[0], 1, x.Shape[1], x.Shape[2]]);
}
