namespace Augur.Tensors;

/// <summary>
/// A table of indices with a copy on the host, which avoids reading it back from the device: a table made from host numbers keeps them; one made on
/// the device is read once, on first access.
/// </summary>
/// <remarks>Its tensor belongs to the scope in which the table was made, as any tensor does; views of the table keep its memory alive.</remarks>
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

    /// <summary>Makes a table from host numbers.</summary>
    /// <param name="backend">The backend that uses the table.</param>
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

    /// <summary>
    /// A table [rows, k] of the k largest of each row of scores that are on the host, in the order of <see cref="Tensor.TopK"/>; nothing is read
    /// back.
    /// </summary>
    /// <param name="backend">The backend that uses the table.</param>
    /// <param name="scores">[rows, n], n fastest.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="k">0 to n.</param>
    /// <exception cref="ArgumentException">The scores do not divide into so many rows, or k is more than there are in one.</exception>
    public static IndexTable Largest(IBackend backend, ReadOnlySpan<float> scores, int rows, int k)
    {
        if (rows < 1 || scores.Length % rows != 0 || k < 0 || k > scores.Length / rows)
        {
            throw new ArgumentException($"IndexTable: the {k} largest of each of {rows} rows of {scores.Length} scores together.");
        }

        var (count, keys, indices) = (scores.Length / rows, new ulong[scores.Length / rows], new int[rows * k]);
        for (var row = 0; row < rows; row++)
        {
            LargestScores.Write(scores.Slice(row * count, count), keys, indices.AsSpan(row * k, k));
        }

        return From(backend, indices, [rows, k]);
    }

    /// <summary>
    /// Makes a table from a tensor that was computed on the device, such as that of <see cref="Tensor.TopK"/>; the tensor keeps its owner.
    /// </summary>
    /// <exception cref="ArgumentException">Not an Int32 tensor of one or two axes.</exception>
    public static IndexTable From(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.RequireType(DType.Int32, nameof(IndexTable));
        return tensor.Shape.Rank is 1 or 2 ? new IndexTable(tensor, null)
            : throw new ArgumentException($"IndexTable: {tensor} has not one or two axes.");
    }

    /// <summary>
    /// Concatenates tables along the outermost axis: [batch₁ + batch₂ + …, count]. The result is on the host if all tables are; nothing is read back.
    /// </summary>
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

    /// <summary>Looks up each index of the table in a list: element i of the result is from[index i].</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below the list's length.</exception>
    public T[] Pick<T>(IReadOnlyList<T> from)
    {
        ArgumentNullException.ThrowIfNull(from);
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

    /// <summary>Checks that indices are below a limit if they are on the host; otherwise the operation itself checks.</summary>
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
