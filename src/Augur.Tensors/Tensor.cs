namespace Augur.Tensors;

/// <summary>
/// An array of numbers in a backend's memory. Rows (the innermost axis) are dense; consecutive rows lie <see cref="RowStride"/> elements
/// apart, so a slice of columns is a view. Operations make new tensors that the current <see cref="TensorScope"/> owns.
/// </summary>
/// <remarks>Operations are methods in <c>Tensor.Operations.cs</c>; none writes to its operands unless its name ends in InPlace.</remarks>
public sealed partial class Tensor : IDisposable
{
    private TensorBuffer? _buffer;
    private TensorScope? _scope;

    private Tensor(IBackend backend, TensorBuffer buffer, long offset, Shape shape, DType type, long rowStride)
    {
        (Backend, _buffer, Offset, Shape, Type, RowStride) = (backend, buffer, offset, shape, type, rowStride);
        _scope = TensorScope.Current;
        _scope?.Track(this);
    }

    /// <summary>The backend that holds the memory and computes on it.</summary>
    public IBackend Backend { get; }

    /// <summary>Extents of the axes, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>Type of the elements.</summary>
    public DType Type { get; }

    /// <summary>Elements between the beginnings of consecutive rows; the number of columns when the tensor is dense.</summary>
    public long RowStride { get; }

    /// <summary>Elements between the beginning of the buffer and the first element. For backends.</summary>
    public long Offset { get; }

    /// <summary>The memory, for backends only.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was released, usually with its scope.</exception>
    public TensorBuffer Buffer => _buffer ?? throw new ObjectDisposedException(
        nameof(Tensor), $"A tensor {Shape} was used after its scope had released it; Retain() what outlives a scope.");

    /// <summary>Whether the rows follow each other without a gap.</summary>
    public bool IsDense => RowStride == Shape.Columns || Shape.Rows <= 1;

    /// <summary>Size of the elements, without gaps, in bytes.</summary>
    public long ByteCount => Shape.ElementCount * Type.Size();

    /// <summary>
    /// Type in which the next operation of a layer is to leave what nobody keeps or compares: see <see cref="BackendCapabilities.ActivationType"/>.
    /// </summary>
    public DType ActivationType => Backend.Capabilities.ActivationType;

    /// <summary>Allocates a tensor with undefined elements.</summary>
    public static Tensor Empty(IBackend backend, Shape shape, DType type = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(backend);
        var buffer = backend.Rent(Math.Max(1, shape.ElementCount) * type.Size());
        return new Tensor(backend, buffer, 0, shape, type, shape.Columns);
    }

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(IBackend backend, Shape shape) => Full(backend, shape, 0);

    /// <summary>A tensor with every element set to <paramref name="value"/>.</summary>
    public static Tensor Full(IBackend backend, Shape shape, float value)
    {
        var tensor = Empty(backend, shape);
        backend.Fill(tensor, value);
        return tensor;
    }

    /// <summary>A tensor with the given elements, innermost axis fastest.</summary>
    public static Tensor From(IBackend backend, ReadOnlySpan<float> values, Shape shape) =>
        Upload(backend, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), shape, DType.Float32);

    /// <summary>An index table with the given elements.</summary>
    public static Tensor From(IBackend backend, ReadOnlySpan<int> values, Shape shape) =>
        Upload(backend, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), shape, DType.Int32);

    /// <summary>A tensor from the bytes of its elements, in the machine's (little-endian) order.</summary>
    /// <exception cref="ArgumentException">The number of bytes does not fit the shape.</exception>
    public static Tensor Upload(IBackend backend, ReadOnlySpan<byte> bytes, Shape shape, DType type)
    {
        if (bytes.Length != shape.ElementCount * type.Size())
        {
            throw new ArgumentException($"{bytes.Length} bytes do not fill a {type} tensor {shape}.");
        }

        var tensor = Empty(backend, shape, type);
        try
        {
            backend.Upload(bytes, tensor);
        }
        catch
        {
            tensor.Dispose(); // a device may have room for the tensor and none for what it is copied through
            throw;
        }

        return tensor;
    }

    /// <summary>The elements, innermost axis fastest; a device-to-host read.</summary>
    public float[] ToArray()
    {
        RequireType(DType.Float32, nameof(ToArray));
        var values = new float[Shape.ElementCount];
        CopyTo(values);
        return values;
    }

    /// <summary>The elements of an index table; a device-to-host read.</summary>
    public int[] ToInt32Array()
    {
        RequireType(DType.Int32, nameof(ToInt32Array));
        var values = new int[Shape.ElementCount];
        Backend.Download([this], System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>Writes the elements, innermost axis fastest; a device-to-host read.</summary>
    public void CopyTo(Span<float> destination)
    {
        RequireType(DType.Float32, nameof(CopyTo));
        if (destination.Length != Shape.ElementCount)
        {
            throw new ArgumentException($"A span of {destination.Length} elements cannot take a tensor {Shape}.");
        }

        Backend.Download([this], System.Runtime.InteropServices.MemoryMarshal.AsBytes(destination));
    }

    /// <summary>The same elements under other axes; a view when the tensor is dense, a copy otherwise.</summary>
    public Tensor Reshape(Shape shape)
    {
        if (shape.ElementCount != Shape.ElementCount)
        {
            throw new ArgumentException($"Reshape: {Shape} and {shape} differ in their number of elements.");
        }

        if (IsDense)
        {
            return View(Offset, shape, shape.Columns);
        }

        return shape.Columns == Shape.Columns ? View(Offset, shape, RowStride) : Copy().Reshape(shape);
    }

    /// <summary>Entries <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> of the outermost axis: a view.</summary>
    public Tensor Rows(int start, int count)
    {
        if (Shape.Rank < 2 || start < 0 || count < 0 || count > Shape[0] - start)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"Rows: {count} from {start} on do not lie in the outermost axis of {Shape}.");
        }

        return View(Offset + (Shape.Product(1, Shape.Rank - 1) * start * RowStride), Shape.With(0, count), RowStride);
    }

    /// <summary>Columns <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> of the innermost axis: a view.</summary>
    public Tensor Columns(int start, int count)
    {
        if (Shape.Rank < 1 || start < 0 || count < 0 || count > Shape.Columns - start)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"Columns: {count} from {start} on do not lie in the innermost axis of {Shape}.");
        }

        return View(Offset + start, Shape.With(^1, count), RowStride);
    }

    /// <summary>Part <paramref name="index"/> of <paramref name="parts"/> equal parts of the innermost axis: a view.</summary>
    public Tensor Chunk(int index, int parts)
    {
        if (parts < 1 || Shape.Columns % parts != 0)
        {
            throw new ArgumentException($"Chunk: the innermost axis of {Shape} does not divide into {parts} parts.");
        }

        if (index < 0 || index >= parts)
        {
            throw new ArgumentOutOfRangeException(nameof(index), $"Chunk: part {index} of {parts} parts, which begin at 0.");
        }

        return Columns(index * (Shape.Columns / parts), Shape.Columns / parts);
    }

    /// <summary>Takes the tensor out of its scope; the caller disposes it.</summary>
    public Tensor Retain()
    {
        _ = Buffer;
        _scope = null;
        return this;
    }

    /// <summary>
    /// Moves the tensor from its scope to the enclosing one, or to the caller if there is none. Used to return a result out of a scope.
    /// </summary>
    public Tensor Escape()
    {
        _ = Buffer;
        _scope = _scope?.Outer;
        _scope?.Track(this);
        return this;
    }

    /// <summary>Releases the tensor now. Views keep the memory alive; calling it twice is harmless.</summary>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, null);
        _scope = null;
        buffer?.RemoveHolder();
    }

    /// <summary>Type and shape, for messages; not the elements.</summary>
    public override string ToString() => $"{Type} {Shape}";

    internal void ReleaseFrom(TensorScope scope)
    {
        if (_scope == scope)
        {
            Dispose();
        }
    }

    internal void RequireType(DType type, string operation)
    {
        if (Type != type)
        {
            throw new ArgumentException($"{operation}: a {type} tensor is needed, not {this}.");
        }
    }

    /// <summary>Refuses what is not Float32, Float16 or BFloat16.</summary>
    internal void RequireActivation(string operation)
    {
        if (!Type.IsActivation())
        {
            throw new ArgumentException($"{operation}: a Float32, Float16 or BFloat16 tensor is needed, not {this}.");
        }
    }

    private Tensor View(long offset, Shape shape, long rowStride)
    {
        Buffer.AddHolder();
        return new Tensor(Backend, Buffer, offset, shape, Type, rowStride);
    }
}
