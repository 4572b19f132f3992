namespace Augur.Tensors;

/// <content>Concatenation and slices along any axis.</content>
public sealed partial class Tensor
{
    /// <summary>Concatenates tensors along an axis: equal in their other axes and in type.</summary>
    /// <param name="parts">One or more; of any type but Float64.</param>
    /// <param name="axis">The axis that grows, 0 for the outermost.</param>
    /// <exception cref="ArgumentException">There are no parts, they have no such axis, or they differ elsewhere or in type.</exception>
    public static Tensor Concatenate(ReadOnlySpan<Tensor> parts, int axis)
    {
        if (parts.Length == 0 || axis < 0 || axis >= parts[0].Shape.Rank)
        {
            throw new ArgumentException(
                parts.Length == 0 ? "Concatenate: there are no parts." : $"Concatenate: {parts[0].Shape} has no axis {axis}.");
        }

        var first = parts[0];
        first.RequireMovable(nameof(Concatenate));
        long extent = 0;
        foreach (var part in parts)
        {
            part.RequireType(first.Type, nameof(Concatenate));
            if (part.Shape.Rank != first.Shape.Rank || part.Shape.With(axis, first.Shape[axis]) != first.Shape)
            {
                throw new ArgumentException($"Concatenate: {first.Shape} and {part.Shape} differ beside axis {axis}.");
            }

            extent += part.Shape[axis];
        }

        var y = Empty(first.Backend, first.Shape.With(axis, first.Fit(extent, nameof(Concatenate))), first.Type);
        using var blocks = y.Blocks(axis, nameof(Concatenate));
        var at = 0;
        foreach (var part in parts)
        {
            using var from = part.Blocks(axis, nameof(Concatenate));
            using var to = blocks.Columns(at, from.Shape.Columns);
            to.CopyFromInPlace(from);
            at += from.Shape.Columns;
        }

        return y;
    }

    /// <summary>
    /// Positions <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> of an axis, such as some tokens of
    /// [batch, tokens, channels]: a view if they are contiguous in memory, a copy otherwise.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or the positions are out of range.</exception>
    public Tensor Slice(int axis, int start, int count)
    {
        RequireMovable(nameof(Slice));
        if (axis < 0 || axis >= Shape.Rank || start < 0 || count < 0 || count > Shape[axis] - start)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"Slice: {count} from {start} on do not lie in axis {axis} of {Shape}.");
        }

        if (axis == Shape.Rank - 1)
        {
            return Columns(start, count);
        }

        if (axis == 0)
        {
            return Rows(start, count);
        }

        var inner = Fit(Shape.Product(axis + 1, Shape.Rank), nameof(Slice));
        using var blocks = Blocks(axis, nameof(Slice));
        using var part = blocks.Columns(start * inner, count * inner);
        return part.Reshape(Shape.With(axis, count));
    }

    // [everything outside the axis, the axis with everything inside it]; a view where this tensor is dense.
    private Tensor Blocks(int axis, string operation)
    {
        var (outer, tail) = (Fit(Shape.Product(0, axis), operation), Fit(Shape.Product(axis, Shape.Rank), operation));
        if (IsDense)
        {
            return Reshape([outer, tail]);
        }

        using var dense = Copy();
        return dense.Reshape([outer, tail]);
    }

    private int Fit(long extent, string operation) => extent <= int.MaxValue ? (int)extent
        : throw new ArgumentException($"{operation}: {extent} elements of {Shape} in one piece are more than {int.MaxValue}.");
}
