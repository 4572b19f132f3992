namespace Augur.Tensors.Weights;

/// <summary>
/// A weight [rows, columns] whose rows are looked up, such as the embeddings of tokens. It stays in the precision or the blocks that it is stored in:
/// widened, the table of a large vocabulary would be as large as several layers.
/// </summary>
public sealed class LookupTable : IDisposable
{
    private readonly IBackend _backend;
    private readonly Tensor? _tensor;
    private readonly QuantizedFormat _format;
    private readonly byte[] _blocks = [];
    private readonly float[] _scales = [];

    internal LookupTable(StoredTensor stored, IBackend backend)
    {
        (_backend, Rows, Columns) = (backend, stored.Shape[0], stored.Shape[1]);
        if (stored.PackedFormat is { } format)
        {
            var packed = stored.PackedRows(0, Rows);
            (_format, _blocks, _scales) = (format, packed.Bytes.ToArray(), packed.Scales.ToArray());
            return;
        }

        _tensor = stored.ToTensor(backend).Retain();
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Length of a row.</summary>
    public int Columns { get; }

    /// <summary>Bytes kept.</summary>
    public long ByteCount => _tensor?.ByteCount ?? _blocks.LongLength;

    /// <summary>Rows in the order of a table [k], in single precision: [k, columns].</summary>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    public Tensor Look(IndexTable rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (_tensor is { } tensor)
        {
            var found = tensor.GatherRows(rows);
            return found.Type == DType.Float32 ? found : found.As(DType.Float32);
        }

        rows.RequireBelow(Rows, nameof(LookupTable));
        var indices = rows.Indices;
        var row = (int)_format.RowBytes(Columns);
        var values = new float[indices.Length * Columns];
        for (var i = 0; i < indices.Length; i++)
        {
            var to = values.AsSpan(i * Columns, Columns);
            _format.Widen(_blocks.AsSpan(indices[i] * row, row), to);
            if (_scales.Length > 0)
            {
                var scale = _scales[_scales.Length == 1 ? 0 : indices[i]];
                foreach (ref var value in to)
                {
                    value *= scale;
                }
            }
        }

        return Tensor.From(_backend, values, [indices.Length, Columns]);
    }

    /// <inheritdoc/>
    public void Dispose() => _tensor?.Dispose();
}
