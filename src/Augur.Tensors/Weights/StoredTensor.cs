using System.Globalization;

namespace Augur.Tensors.Weights;

/// <summary>
/// A tensor in an open <see cref="Checkpoint"/>; its elements are read directly from the mapped file. Not usable after the checkpoint is disposed.
/// </summary>
public sealed class StoredTensor
{
    private readonly WeightSource _source;
    private readonly long _offset;
    private readonly long[]? _strides;
    private readonly float[] _scales;
    private int _partedHeads;
    private int _rowBytes;
    private byte[]? _gathered;
    private WeightChange[] _changes = [];
    private WeightChange[] _changesToMerge = [];
    private StoredTensor? _unchanged;
    private WeakReference<byte[]>? _merged;

    /// <summary>
    /// A tensor whose extent in the file was checked. Strides, in elements, are given if the elements are not stored in order. Scales are factors
    /// that belong to 8-bit floats: none, one, or one per entry of the outermost axis.
    /// </summary>
    internal StoredTensor(
        WeightSource source, string name, StoredType type, Shape shape, long offset, long[]? strides = null, float[]? scales = null)
    {
        (_source, Name, Type, Shape, _offset, _strides, _scales) = (source, name, type, shape, offset, strides, scales ?? []);
    }

    /// <summary>Name in the file, without prefixes of wrappers.</summary>
    public string Name { get; }

    /// <summary>Element type in the file.</summary>
    public StoredType Type { get; }

    /// <summary>Extents of the axes, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>Size of the elements in bytes.</summary>
    public long ByteCount => Type.Bytes(Shape.ElementCount);

    /// <summary>
    /// Factors that the file keeps beside 8-bit floats: none, one for all, or one per entry of the outermost axis. The conversions of this class
    /// apply them; <see cref="Bytes"/> are without them.
    /// </summary>
    public ReadOnlySpan<float> Scales => _scales;

    /// <summary>
    /// The format in which a linear map [outputs, inputs] can use the elements as they are stored; null if it needs them widened: not a quantised
    /// type, or rows that are not whole blocks.
    /// </summary>
    public QuantizedFormat? PackedFormat => Shape.Rank == 2 && Type.Quantized() is { } format && Shape.ElementCount > 0
        && Shape[1] % format.BlockElements() == 0 ? format : null;

    /// <summary>
    /// The elements, innermost axis fastest, little-endian; of a quantised type, its blocks. Refers to the file directly, unless PyTorch stored a
    /// view with other strides, rows have to be put into another order, or the tensor is changed: then they are the changed elements, but of a linear
    /// map's blocks the unchanged ones, with <see cref="ChangesOf"/> beside them.
    /// </summary>
    /// <exception cref="WeightFileException">The tensor is larger than 2 GiB.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint was disposed.</exception>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            if (ByteCount > Array.MaxLength)
            {
                throw Error($"has {ByteCount} bytes; more than {Array.MaxLength} at once cannot be read");
            }

            return _unchanged is not null ? Merged() : _gathered ?? (_partedHeads > 0 ? _gathered = PartPairs()
                : _strides is not null ? _gathered = Gather() : _source.Slice(_offset, (int)ByteCount));
        }
    }

    /// <summary>The elements in single precision, whatever their type.</summary>
    public float[] ToSingles()
    {
        var values = StoredElements.ToSingles(Bytes, Type);
        if (_scales.Length > 0)
        {
            var row = Math.Max(1, values.Length / _scales.Length);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] *= _scales[i / row];
            }
        }

        foreach (var change in _changes)
        {
            change.Apply(values);
        }

        return values;
    }

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
            FirstRow = begin - first,
            Up = change.Up[((begin - change.FirstRow) * change.Rank)..((end - change.FirstRow) * change.Rank)],
            Down = change.Down,
            Rank = change.Rank,
            Factor = change.Factor,
            Strength = change.Strength,
        };

    /// <summary>Some consecutive rows of a matrix as they are stored, for a linear map.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="InvalidOperationException"><see cref="PackedFormat"/> is null.</exception>
    /// <exception cref="WeightFileException">The tensor is larger than 2 GiB.</exception>
    public QuantizedMatrix PackedRows(int first, int count)
    {
        var format = PackedFormat ?? throw new InvalidOperationException($"Tensor '{Name}' has no rows of blocks.");
        var row = (int)format.RowBytes(Shape[1]);
        var scales = _scales.Length > 1 ? _scales.AsSpan(first, count) : _scales;
        var bytes = Bytes.Slice(first * row, count * row);
        return new QuantizedMatrix(format, count, Shape[1], bytes, scales) { Hold = _gathered is null ? _source.Hold : null };
    }

    /// <summary>The elements in double precision, whatever their type.</summary>
    public double[] ToDoubles() => _scales.Length > 0 || _changes.Length > 0
        ? Array.ConvertAll(ToSingles(), x => (double)x) : StoredElements.ToDoubles(Bytes, Type);

    /// <summary>The elements of an integer or Bool tensor.</summary>
    /// <exception cref="WeightFileException">The tensor holds floating-point numbers, or one of its numbers does not fit.</exception>
    public long[] ToInt64s()
    {
        if (!Type.IsInteger())
        {
            throw Error($"holds {Type} numbers where integers are needed");
        }

        try
        {
            return StoredElements.ToInt64s(Bytes, Type);
        }
        catch (OverflowException e)
        {
            throw new WeightFileException(Error("holds an integer above 2^63").Message, e);
        }
    }

    /// <summary>
    /// A tensor of the current scope. Float32, Float16 and BFloat16 are kept as they are, Float64 is rounded to Float32, and 8-bit floats are
    /// widened to Float16, which is exact; where they have scales, and for blocks, the values become Float32.
    /// </summary>
    /// <exception cref="WeightFileException">The tensor holds integers.</exception>
    public Tensor ToTensor(IBackend backend) => Type switch
    {
        StoredType.Float32 => Tensor.Upload(backend, Bytes, Shape, DType.Float32),
        StoredType.Float16 => Tensor.Upload(backend, Bytes, Shape, DType.Float16),
        StoredType.BFloat16 => Tensor.Upload(backend, Bytes, Shape, DType.BFloat16),
        StoredType.Float8E5M2 or StoredType.Float8E4M3 when _scales.Length == 0 && _changes.Length == 0 =>
            Tensor.Upload(backend, StoredElements.WidenToHalf(Bytes, Type), Shape, DType.Float16),
        _ when !Type.IsInteger() => Tensor.From(backend, ToSingles(), Shape),
        _ => throw Error($"holds {Type} numbers where floating-point numbers are needed"),
    };

    /// <summary>Checks that every element is a finite number in single precision; integers always are.</summary>
    /// <exception cref="WeightFileException">One is not; names the file, the tensor and the element.</exception>
    public void RequireFinite()
    {
        if (FiniteCheck.IndexOfNonFinite(Bytes, Type) is var index and >= 0)
        {
            var value = ValueOf(ref index);
            var what = double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? "infinity" : value.ToString("R", CultureInfo.InvariantCulture);
            var kind = double.IsFinite(value) ? "single-precision " : "";
            throw Error($"holds {what} as element {index} of {Shape.ElementCount}, where a finite {kind}number is needed");
        }
    }

    /// <summary>The same tensor under another name.</summary>
    internal StoredTensor Named(string name) => name == Name ? this
        : new StoredTensor(_source, name, Type, Shape, _offset, _strides, _scales) { _partedHeads = _partedHeads, _rowBytes = _rowBytes };

    /// <summary>The same tensor with factors that belong to it.</summary>
    internal StoredTensor Scaled(float[] scales) => new(_source, Name, Type, Shape, _offset, _strides, scales);

    /// <summary>
    /// The same tensor with the rows of each head in another order: stored as channel pairs (i, i + half) side by side, wanted as two halves.
    /// </summary>
    internal StoredTensor PairsParted(int heads)
    {
        var rowBytes = Type.Bytes(Shape.Product(1, Shape.Rank));
        return new StoredTensor(_source, Name, Type, Shape, _offset, _strides, _scales) { _partedHeads = heads, _rowBytes = (int)rowBytes };
    }

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
        return new StoredTensor(_source, Name, type, Shape, 0) { _unchanged = this, _changesToMerge = changes };
    }

    /// <summary>For example <c>blocks.0.attn.qkv.weight: Float16 [3456, 1152]</c>.</summary>
    public override string ToString() => $"{Name}: {Type} {Shape}";

    private WeightFileException Error(string verb) => _source.Error($"tensor {WeightFileException.Quote(Name)} {verb}.");

    // Of blocks, the index of the first element in a block becomes that of the element.
    private double ValueOf(ref int index)
    {
        if (!Type.IsBlocks())
        {
            return StoredElements.ToDoubles(Bytes.Slice(index * Type.Size(), Type.Size()), Type)[0];
        }

        var format = Type.Quantized()!.Value;
        var values = StoredElements.ToSingles(Bytes.Slice((int)Type.Bytes(index), format.BlockBytes()), Type);
        var within = Math.Max(0, Array.FindIndex(values, value => !float.IsFinite(value)));
        index += within;
        return float.IsFinite(values[within]) ? double.NaN : values[within];
    }

    // Kept only as long as memory is not needed: a loader asks several times for one tensor, and never again once it has gone on to the next.
    private byte[] Merged()
    {
        if (_merged is not null && _merged.TryGetTarget(out var kept))
        {
            return kept;
        }

        var values = _unchanged!.ToSingles();
        foreach (var change in _changesToMerge)
        {
            change.Apply(values);
        }

        var bytes = StoredElements.FromSingles(values, Type);
        _merged = new WeakReference<byte[]>(bytes);
        return bytes;
    }

    private byte[] PartPairs()
    {
        var stored = _source.Slice(_offset, (int)ByteCount);
        var parted = new byte[stored.Length];
        var channels = Shape[0] / _partedHeads;
        for (var row = 0; row < Shape[0]; row++)
        {
            var (head, channel) = (row / channels, row % channels);
            var from = (head * channels) + (2 * (channel % (channels / 2))) + (channel / (channels / 2));
            stored.Slice(from * _rowBytes, _rowBytes).CopyTo(parted.AsSpan(row * _rowBytes));
        }

        return parted;
    }

    private byte[] Gather()
    {
        var size = Type.Size();
        var gathered = new byte[ByteCount];
        Span<int> position = stackalloc int[Shape.Rank];
        position.Clear();
        long from = 0, last = 0;
        for (var axis = 0; axis < Shape.Rank; axis++)
        {
            last += (Shape[axis] - 1) * _strides![axis];
        }

        var stored = last < Array.MaxLength / size
            ? _source.Slice(_offset, (int)((last + 1) * size))
            : throw Error($"is a view that spreads over more than {Array.MaxLength} bytes");
        for (var to = 0; to < gathered.Length; to += size)
        {
            stored.Slice((int)(from * size), size).CopyTo(gathered.AsSpan(to));
            for (var axis = Shape.Rank - 1; axis >= 0; axis--)
            {
                from += _strides![axis];
                if (++position[axis] < Shape[axis])
                {
                    break;
                }

                from -= _strides[axis] * Shape[axis];
                position[axis] = 0;
            }
        }

        return gathered;
    }
}
