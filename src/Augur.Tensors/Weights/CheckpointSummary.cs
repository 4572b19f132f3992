namespace Augur.Tensors.Weights;

/// <summary>Summary of a checkpoint independent of any model, for display. Made from names and shapes; no element is read.</summary>
/// <param name="Path">The file that was opened.</param>
/// <param name="Format">As in <see cref="Checkpoint.Format"/>.</param>
/// <param name="TensorCount">Number of tensors.</param>
/// <param name="ParameterCount">Number of elements of the floating-point tensors.</param>
/// <param name="ByteCount">Size of all tensors in bytes.</param>
/// <param name="Types">For each element type in use, the most bytes first.</param>
/// <param name="Tensors">Every tensor, in the natural order of names (block 2 before block 10).</param>
/// <param name="Metadata">As in <see cref="Checkpoint.Metadata"/>.</param>
public sealed record CheckpointSummary(
    string Path,
    string Format,
    int TensorCount,
    long ParameterCount,
    long ByteCount,
    IReadOnlyList<TypeSummary> Types,
    IReadOnlyList<TensorSummary> Tensors,
    IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Summarises an open checkpoint; stays valid after it is closed.</summary>
    public static CheckpointSummary Of(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var all = checkpoint.Tensors.Values;
        TypeSummary[] types = [.. all.GroupBy(t => t.Type)
            .Select(g => new TypeSummary(g.Key, g.Count(), g.Sum(t => t.Shape.ElementCount), g.Sum(t => t.ByteCount)))
            .OrderByDescending(t => t.ByteCount).ThenBy(t => t.Type)];
        return new CheckpointSummary(
            checkpoint.Path,
            checkpoint.Format,
            all.Count(),
            types.Where(t => !t.Type.IsInteger()).Sum(t => t.ElementCount),
            types.Sum(t => t.ByteCount),
            types,
            [.. all.OrderBy(t => t.Name, NaturalOrder.Instance).Select(t => new TensorSummary(t.Name, t.Type, t.Shape, t.ByteCount))],
            checkpoint.Metadata);
    }
}

/// <summary>The tensors of one element type.</summary>
/// <param name="Type">The type.</param>
/// <param name="TensorCount">Number of tensors.</param>
/// <param name="ElementCount">Number of their elements.</param>
/// <param name="ByteCount">Their size in bytes.</param>
public sealed record TypeSummary(StoredType Type, int TensorCount, long ElementCount, long ByteCount);

/// <summary>One line of the table of shapes.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Type">Element type in the file.</param>
/// <param name="Shape">Extents of the axes, outermost first.</param>
/// <param name="ByteCount">Size in bytes.</param>
public sealed record TensorSummary(string Name, StoredType Type, Shape Shape, long ByteCount);
