namespace Augur.Tensors.Weights;

/// <content>Changes: merged into floats, kept beside blocks.</content>
public sealed partial class StoredTensor
{
    private WeightChange[] _changes = [];
    private StoredTensor? _unchanged; // where the changes are merged
    private WeakReference<byte[]>? _merged;

    /// <summary>
    /// The changes of some consecutive rows that are not merged into <see cref="PackedRows"/>, with rows counted from the first; none elsewhere.
    /// </summary>
    internal IEnumerable<WeightChange> ChangesOf(int first, int count) =>
        from change in _changes
        let begin = Math.Max(first, change.FirstRow)
        let end = Math.Min(first + count, change.FirstRow + change.Rows)
        where begin < end
        select new WeightChange
        {
            Name = change.Name,
            Origin = change.Origin,
            FirstRow = begin - first,
            Up = change.Up[((begin - change.FirstRow) * change.Rank)..((end - change.FirstRow) * change.Rank)],
            Down = change.Down,
            Rank = change.Rank,
            Factor = change.Factor,
            Strength = change.Strength,
        };

    /// <summary>
    /// The tensor with changes. They are merged into its elements, which stay in their type if that is Float32, Float16 or BFloat16 and otherwise
    /// become Float32; blocks of a linear map stay as they are, with the changes beside them.
    /// </summary>
    /// <exception cref="WeightFileException">It has other rows or columns than they change, or no floating-point numbers.</exception>
    internal StoredTensor With(WeightChange[] changes)
    {
        var (rows, columns) = (Shape.Rank == 0 ? 0 : Shape[0], Shape.Rank == 0 || Shape[0] == 0 ? 0 : (int)(Shape.ElementCount / Shape[0]));
        foreach (var change in changes)
        {
            if (Shape.Rank < 2 || change.Columns != columns || change.FirstRow < 0 || change.FirstRow + change.Rows > rows || Type.IsInteger())
            {
                throw Error(
                    $"{Shape} is to be changed in the rows {change.FirstRow} to {change.FirstRow + change.Rows - 1} of {change.Columns} columns");
            }

            if (PackedFormat is { } format && change.Magnitudes is not null)
            {
                throw Error($"is quantised ({format}), and a DoRA, which rescales every weight, can only be merged into floats; "
                    + "give the model in float16, bfloat16 or float32");
            }
        }

        if (PackedFormat is not null)
        {
            return new StoredTensor(_source, Name, Type, Shape, _offset, _strides, _scales)
            {
                _partedHeads = _partedHeads,
                _rowBytes = _rowBytes,
                _changes = changes,
            };
        }

        var type = Type is StoredType.Float16 or StoredType.BFloat16 ? Type : StoredType.Float32;
        return new StoredTensor(_source, Name, type, Shape, 0) { _unchanged = this, _changes = changes };
    }

    // Kept only as long as memory is not needed: a loader asks several times for one tensor, and never again once it has gone on to the next.
    private byte[] Merged()
    {
        if (_merged is not null && _merged.TryGetTarget(out var kept))
        {
            return kept;
        }

        var values = _unchanged!.ToSingles();
        foreach (var change in _changes)
        {
            change.Apply(values);
        }

        var bytes = StoredElements.FromSingles(values, Type);
        if (FiniteCheck.IndexOfNonFinite(bytes, Type) is >= 0 and var index && FiniteCheck.IndexOfNonFinite(_unchanged.Bytes, _unchanged.Type) < 0)
        {
            var origins = string.Join(", ", _changes.Select(change => change.Origin).Distinct());
            throw Error(FormattableString.Invariant(
                $"becomes {values[index]:0.###E+0} at element {index} by {origins}, more than {Type} holds; give a smaller scale, ")
                + "or the model in bfloat16 or float32");
        }

        _merged = new WeakReference<byte[]>(bytes);
        return bytes;
    }
}
