namespace Augur.Tensors;

/// <summary>
/// A table of indices that exists on the device and on the host, so that nobody has to read it back: made from host numbers it keeps them; made from
/// a device's selection it reads them once, when they are first asked for.
/// </summary>
/// <remarks>Its tensor belongs to the scope in which the table was made, as any tensor does; views of the table keep the memory alive.</remarks>
public sealed class IndexTable : IDisposable
{
    private readonly Tensor _tensor;
    private int[]? _host;

    private IndexTable(Tensor tensor, int[]? host) => (_tensor, _host) = (tensor, host);

    /// <summary>The table on the device: Int32, one or two axes.</summary>
    public Tensor Tensor => _tensor;

    /// <summary>Extents of the table, [rows] or [batch, count].</summary>
    public Shape Shape => _tensor.Shape;

    /// <summary>Whether the indices are on the host already.</summary>
    public bool IsOnHost => _host is not null;

    /// <summary>The indices, innermost axis fastest; a device-to-host read the first time, where the table was made on the device.</summary>
    public ReadOnlySpan<int> Indices => _host ??= _tensor.ToInt32Array();

    /// <summary>A table of host numbers.</summary>
    /// <param name="backend">Where the table is used.</param>
    /// <param name="indices">Innermost axis fastest; not negative.</param>
    /// <param name="shape">[rows] or [batch, count].</param>
    /// <exception cref="ArgumentException">The shape has another number of elements or axes, or an index is negative.</exception>
    public static IndexTable From(IBackend backend, ReadOnlySpan<int> indices, Shape shape)
    {
        if (shape.Rank is < 1 or > 2 || shape.ElementCount != indices.Length)
        {
            throw new ArgumentException($"IndexTable: {indices.Length} indices are not a table {shape} of one or two axes.");
        }

        foreach (var index in indices)
        {
            if (index < 0)
            {
                throw new ArgumentException($"IndexTable: an index of {index} in a table {shape}.");
            }
        }

        return new IndexTable(Tensor.From(backend, indices, shape), indices.ToArray());
    }

    /// <summary>A table of rows, [rows].</summary>
    public static IndexTable From(IBackend backend, ReadOnlySpan<int> indices) => From(backend, indices, [indices.Length]);

    /// <summary>A table that a device made, such as <see cref="Tensor.TopK"/>'s; the tensor stays its owner's.</summary>
    /// <exception cref="ArgumentException">Not an Int32 tensor of one or two axes.</exception>
    public static IndexTable From(Tensor tensor)
    {
        tensor.RequireType(DType.Int32, nameof(IndexTable));
        return tensor.Shape.Rank is 1 or 2 ? new IndexTable(tensor, null)
            : throw new ArgumentException($"IndexTable: {tensor} has not one or two axes.");
    }

    /// <summary>Tables below each other: [batch₁ + batch₂ + …, count]. On the host only where all of them are; nothing is read back.</summary>
    /// <param name="tables">One or more, equal in all axes but the outermost.</param>
    public static IndexTable Concatenate(params ReadOnlySpan<IndexTable> tables)
    {
        if (tables.Length == 0)
        {
            throw new ArgumentException("IndexTable: there are no tables to concatenate.");
        }

        var (parts, onHost) = (new Tensor[tables.Length], true);
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = tables[i]._tensor;
            onHost &= tables[i].IsOnHost;
        }

        var host = new List<int>();
        for (var i = 0; onHost && i < parts.Length; i++)
        {
            host.AddRange(tables[i].Indices);
        }

        return new IndexTable(Tensor.Concatenate(parts, 0), onHost ? [.. host] : null);
    }

    /// <summary>The indices of entry <paramref name="entry"/> of the outermost axis; read as <see cref="Indices"/> is.</summary>
    public ReadOnlySpan<int> Row(int entry)
    {
        if (entry < 0 || entry >= Shape[0])
        {
            throw new ArgumentOutOfRangeException(nameof(entry), $"IndexTable: entry {entry} of {Shape}.");
        }

        var length = (int)Shape.Product(1, Shape.Rank);
        return Indices.Slice(entry * length, length);
    }

    /// <summary>
    /// Entries <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> of the outermost axis, in the same memory.
    /// </summary>
    public IndexTable Rows(int start, int count)
    {
        var part = Shape.Rank == 1 ? _tensor.Columns(start, count) : _tensor.Rows(start, count);
        var length = (int)Shape.Product(1, Shape.Rank);
        return new IndexTable(part, _host?.AsSpan(start * length, count * length).ToArray());
    }

    /// <summary>Picks from a list with an element per index of the range: the element of each index of the table, on the host.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below the list's length.</exception>
    public T[] Pick<T>(IReadOnlyList<T> from)
    {
        var picked = new T[Shape.ElementCount];
        var indices = Indices;
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = indices[i] < from.Count ? from[indices[i]]
                : throw new ArgumentOutOfRangeException(nameof(from), $"IndexTable: index {indices[i]} is not below {from.Count}.");
        }

        return picked;
    }

    /// <summary>Takes the table out of its scope; the caller disposes it.</summary>
    public IndexTable Retain()
    {
        _tensor.Retain();
        return this;
    }

    /// <summary>Hands the table from its scope to the one around it.</summary>
    public IndexTable Escape()
    {
        _tensor.Escape();
        return this;
    }

    /// <summary>Releases the tensor.</summary>
    public void Dispose() => _tensor.Dispose();

    /// <summary>For messages: the extents.</summary>
    public override string ToString() => $"index table {Shape}";

    /// <summary>Refuses an index that is not below a limit, where the indices are on the host; on a device the operation itself looks.</summary>
    internal void RequireBelow(int limit, string operation)
    {
        foreach (var index in _host ?? [])
        {
            if (index >= limit)
            {
                throw new ArgumentOutOfRangeException(nameof(limit), $"{operation}: index {index} is not below {limit}.");
            }
        }
    }
}
