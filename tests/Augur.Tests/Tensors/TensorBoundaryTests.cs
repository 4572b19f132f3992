using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Tensors;

/// <summary>What a stranger may ask of a tensor: refused at the operation, by name and with both values, before anything is allocated.</summary>
public sealed class TensorBoundaryTests
{
    private const int Most = int.MaxValue;

    private static readonly Dictionary<string, (Func<Tensor, object?> Ask, string Message)> s_refused = new()
    {
        ["rows that wrap"] = (x => x.Rows(1, Most), $"Rows: {Most} from 1 on do not lie in the outermost axis of [2, 3, 4]."),
        ["rows of far away"] = (x => x.Rows(Most, Most), $"Rows: {Most} from {Most} on do not lie"),
        ["rows before the first"] = (x => x.Rows(-1, 1), "Rows: 1 from -1 on do not lie in"),
        ["fewer than no rows"] = (x => x.Rows(0, -1), "Rows: -1 from 0 on do not lie in"),
        ["columns that wrap"] = (x => x.Columns(2, Most), $"Columns: {Most} from 2 on do not lie in the innermost axis of [2, 3, 4]."),
        ["columns before the first"] = (x => x.Columns(-2, 2), "Columns: 2 from -2 on"),
        ["a part past the last"] = (x => x.Chunk(2, 2), "Chunk: part 2 of 2 parts"),
        ["a part before the first"] = (x => x.Chunk(-1, 2), "Chunk: part -1 of 2 parts"),
        ["a part of far away"] = (x => x.Chunk(Most, 4), $"Chunk: part {Most} of 4 parts"),
        ["no parts"] = (x => x.Chunk(0, 0), "Chunk: the innermost axis of [2, 3, 4] does not divide into 0 parts."),
        ["a slice that wraps"] = (x => x.Slice(1, 1, Most), $"Slice: {Most} from 1 on do not lie in axis 1 of [2, 3, 4]."),
        ["a slice of an axis that is not there"] = (x => x.Slice(3, 0, 1), "Slice: 1 from 0 on do not lie in axis 3 of [2, 3, 4]."),
        ["no axes"] = (x => x.Permute(), "Permute: [] does not reorder the axes of [2, 3, 4]."),
        ["too few axes"] = (x => x.Permute(1, 0), "Permute: [1, 0] does not reorder the axes of [2, 3, 4]."),
        ["an axis twice"] = (x => x.Permute(1, 1, 0), "Permute: [1, 1, 0] does not reorder"),
        ["too many axes"] = (x => x.Permute(0, 1, 2, 3, 4, 5, 6, 7), "Permute: [0, 1, 2, 3, 4, 5, 6, 7] does not reorder"),
        ["another number of elements"] = (x => x.Reshape([5, 5]), "Reshape: [2, 3, 4] and [5, 5] differ"),
        ["nothing to add"] = (x => Tensor.Combine([], []), "Combine: there are no terms."),
        ["coefficients that do not fit"] = (x => Tensor.Combine([x, x], [1]), "Combine: 2 terms [2, 3, 4] need 2 or 4 coefficients, not 1."),
        ["nothing to concatenate"] = (x => Tensor.Concatenate([], 0), "Concatenate: there are no parts."),
        ["an axis that does not grow"] = (x => Tensor.Concatenate([x], 3), "Concatenate: [2, 3, 4] has no axis 3."),
        ["parts that differ elsewhere"] = (
            x => Tensor.Concatenate([x, x.Columns(0, 2)], 1),
            "Concatenate: [2, 3, 4] and [2, 3, 2] differ beside axis 1."),
        ["parts of two types"] = (
            x => Tensor.Concatenate([x, x.As(DType.BFloat16)], 1),
            "Concatenate: a Float32 tensor is needed, not BFloat16 [2, 3, 4]."),
        ["limits the wrong way round"] = (x => x.Clamp(1, -1), "Clamp: nothing lies between 1 and -1."),
        ["a limit that is no number"] = (x => x.Clamp(float.NaN, 1), "Clamp: nothing lies between NaN and 1."),
        ["an epsilon below 0"] = (x => x.LayerNorm(-1), "LayerNorm: an epsilon of -1;"),
        ["an epsilon that is no number"] = (x => x.RmsNorm(null, float.NaN), "RmsNorm: an epsilon of NaN;"),
        ["a norm of a scalar"] = (x => Tensor.Full(x.Backend, [], 1).LayerNorm(1e-6f), "LayerNorm: [] has no innermost axis."),
        ["a norm's weight of another length"] = (
            x => x.LayerNorm(Tensor.Zeros(x.Backend, [3]), null, 0),
            "LayerNorm: [2, 3, 4] does not fit a weight [3]."),
        ["heads that do not divide"] = (x => x.RmsNorm(null, 0, 3), "RmsNorm: [2, 3, 4] in 3 heads does not divide."),
        ["a head's weight of another length"] =
            (x => x.RmsNorm(Tensor.Zeros(x.Backend, [4]), 0, 2), "RmsNorm: [2, 3, 4] in 2 heads does not fit a weight [4]."),
        ["angles of other tokens"] = (
            x => x.Rotate(Tensor.Zeros(x.Backend, [2, 1]), Tensor.Zeros(x.Backend, [2, 1]), RotaryPairs.Halves, 2),
            "Rotate: [2, 3, 4] in 2 heads, cosines [2, 1] and sines [2, 1] of Halves do not fit."),
        ["more angles than channels"] = (
            x => x.Rotate(Tensor.Zeros(x.Backend, [3, 2]), Tensor.Zeros(x.Backend, [3, 2]), RotaryPairs.Interleaved, 2),
            "Rotate: [2, 3, 4] in 2 heads, cosines [3, 2] and sines [3, 2] of Interleaved do not fit."),
        ["a row of gates without a batch"] = (
            x => Tensor.Zeros(x.Backend, [4]).AddGated(Tensor.Zeros(x.Backend, [4]), Tensor.Zeros(x.Backend, [4])),
            "AddGated: [4] has no batch, so that a row [4] per entry does not fit."),
        ["no keys"] = (
            x => x.AttendTo(Tensor.Zeros(x.Backend, [2, 0, 4]), Tensor.Zeros(x.Backend, [2, 0, 4]), 1),
            "Attention: queries [2, 3, 4] have no keys in [2, 0, 4]."),
        ["a stride of 0"] = (x => Convolved(x, 0, default), "Conv2d: a stride of 0 and Padding"),
        ["padding below 0"] = (x => Convolved(x, 1, new Padding(-1, 0, 0, 0)), "Conv2d: a stride of 1 and Padding"),
        ["a picture of more pixels than there are"] = (x => Convolved(x, 1, Padding.All(Most)), "Conv2d: [1, 2, 3, 4] with Padding"),
        ["pooling with a window that wraps"] = (
            x => x.Reshape([1, 2, 3, 4]).Pool2d(Pooling.Max, new PoolWindow(Most, 1, 1, new Padding(Most - 1, 0, 0, 0))),
            "Pool2d: [1, 2, 3, 4] with Padding"),
        ["a mean of what is no picture"] = (x => x.MeanOverPlaces(), "MeanOverPlaces: [2, 3, 4] is not [batch, height, width, channels]."),
        ["errors of a scalar"] = (
            x => Tensor.Full(x.Backend, [], 1).ErrorsFrom(Tensor.Full(x.Backend, [], 1), ErrorMeasure.L1), "ErrorsFrom: [] has no outermost axis."),
        ["more of the largest than there are"] = (x => x.Reshape([6, 4]).TopK(5), "TopK: 5 of each row of [6, 4]."),
        ["an extent of an axis that is not there"] = (x => x.Shape.With(3, 1), "[2, 3, 4] has no axis 3."),
    };

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_does_not_fit_is_refused_with_both_values(string what)
    {
        using var backend = new ReferenceBackend();
        using var scope = TensorScope.Begin();
        var x = Tensor.Full(backend, [2, 3, 4], 1);
        var (ask, message) = s_refused[what];
        var error = Assert.ThrowsAny<ArgumentException>(() => ask(x));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_row_and_the_last_column_are_still_inside()
    {
        using var backend = new ReferenceBackend();
        using var scope = TensorScope.Begin();
        var x = Tensor.From(backend, [0f, 1, 2, 3, 4, 5], [2, 3]);
        Assert.Equal([3f, 4, 5], x.Rows(1, 1).ToArray());
        Assert.Equal([2f, 5], x.Columns(2, 1).ToArray());
        Assert.Empty(x.Rows(2, 0).ToArray());
        Assert.Empty(x.Columns(3, 0).ToArray());
    }

    private static Tensor Convolved(Tensor x, int stride, Padding padding)
    {
        using var kernel = new PackedConv2d(x.Backend.Pack(Tensor.Full(x.Backend, [2, 4], 1), null), 1, 1, 4);
        return x.Reshape([1, 2, 3, 4]).Conv2d(kernel, stride, padding);
    }
}
