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
    private byte[]? _gathered;

    /// <summary>A tensor whose extent in the file was checked. Strides, in elements, are given if the elements are not stored in order.</summary>
    internal StoredTensor(WeightSource source, string name, StoredType type, Shape shape, long offset, long[]? strides = null)
    {
        (_source, Name, Type, Shape, _offset, _strides) = (source, name, type, shape, offset, strides);
    }

    /// <summary>Name in the file, without prefixes of wrappers.</summary>
    public string Name { get; }

    /// <summary>Element type in the file.</summary>
    public StoredType Type { get; }

    /// <summary>Extents of the axes, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>Size of the elements in bytes.</summary>
    public long ByteCount => Shape.ElementCount * Type.Size();

    /// <summary>
    /// The elements, innermost axis fastest, little-endian. Refers to the file directly, unless PyTorch stored a view with other strides.
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

            return _strides is null ? _source.Slice(_offset, (int)ByteCount) : _gathered ??= Gather();
        }
    }

    /// <summary>The elements in single precision, whatever their type.</summary>
    public float[] ToSingles() => StoredElements.ToSingles(Bytes, Type);

    /// <summary>The elements in double precision, whatever their type.</summary>
    public double[] ToDoubles() => StoredElements.ToDoubles(Bytes, Type);

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
    /// widened to Float16, which is exact.
    /// </summary>
    /// <exception cref="WeightFileException">The tensor holds integers.</exception>
    public Tensor ToTensor(IBackend backend) => Type switch
    {
        StoredType.Float32 => Tensor.Upload(backend, Bytes, Shape, DType.Float32),
        StoredType.Float16 => Tensor.Upload(backend, Bytes, Shape, DType.Float16),
        StoredType.BFloat16 => Tensor.Upload(backend, Bytes, Shape, DType.BFloat16),
        StoredType.Float8E5M2 or StoredType.Float8E4M3 => Tensor.Upload(backend, StoredElements.WidenToHalf(Bytes, Type), Shape, DType.Float16),
        StoredType.Float64 => Tensor.From(backend, ToSingles(), Shape),
        _ => throw Error($"holds {Type} numbers where floating-point numbers are needed"),
    };

    /// <summary>Checks that every element is a finite number in single precision; integers always are.</summary>
    /// <exception cref="WeightFileException">One is not; names the file, the tensor and the element.</exception>
    public void RequireFinite()
    {
        if (FiniteCheck.IndexOfNonFinite(Bytes, Type) is var index and >= 0)
        {
            var value = StoredElements.ToDoubles(Bytes.Slice(index * Type.Size(), Type.Size()), Type)[0];
            var what = double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? "infinity" : value.ToString("R", CultureInfo.InvariantCulture);
            var kind = double.IsFinite(value) ? "single-precision " : "";
            throw Error($"holds {what} as element {index} of {Shape.ElementCount}, where a finite {kind}number is needed");
        }
    }

    /// <summary>The same tensor under another name.</summary>
    internal StoredTensor Named(string name) => name == Name ? this : new StoredTensor(_source, name, Type, Shape, _offset, _strides);

    /// <summary>For example <c>blocks.0.attn.qkv.weight: Float16 [3456, 1152]</c>.</summary>
    public override string ToString() => $"{Name}: {Type} {Shape}";

    private WeightFileException Error(string verb) => _source.Error($"tensor {WeightFileException.Quote(Name)} {verb}.");

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
