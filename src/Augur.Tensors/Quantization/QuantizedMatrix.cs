namespace Augur.Tensors;

/// <summary>
/// A quantised weight [rows, columns] as stored in a file: rows of whole blocks, one after the other. It refers to the bytes without copying them.
/// </summary>
public readonly ref struct QuantizedMatrix
{
    /// <summary>Makes a matrix after checking the number of bytes.</summary>
    /// <param name="format">Of the blocks.</param>
    /// <param name="rows">Outputs of the linear map, at least 1.</param>
    /// <param name="columns">Inputs of the linear map, at least 1 and a whole number of blocks.</param>
    /// <param name="bytes">All blocks.</param>
    /// <param name="scales">Of 8-bit floats only: a factor for all numbers, or one per row; none: 1.</param>
    /// <exception cref="ArgumentException">The sizes are inconsistent.</exception>
    public QuantizedMatrix(QuantizedFormat format, int rows, int columns, ReadOnlySpan<byte> bytes, ReadOnlySpan<float> scales = default)
    {
        if (rows < 1 || columns < 1 || columns % format.BlockElements() != 0 || bytes.Length != rows * format.RowBytes(columns))
        {
            throw new ArgumentException(
                $"QuantizedMatrix: {bytes.Length} bytes are not a weight [{rows}, {columns}] "
                + $"in {format} blocks of {format.BlockElements()} numbers and {format.BlockBytes()} bytes.");
        }

        if (scales.Length > 0 && (!format.IsFloat8() || (scales.Length != 1 && scales.Length != rows)))
        {
            throw new ArgumentException($"QuantizedMatrix: {scales.Length} scales beside a {format} weight [{rows}, {columns}].");
        }

        (Format, Rows, Columns) = (format, rows, columns);
        Bytes = bytes;
        Scales = scales;
    }

    /// <summary>Format of the blocks.</summary>
    public QuantizedFormat Format { get; }

    /// <summary>Outputs of the linear map.</summary>
    public int Rows { get; }

    /// <summary>Inputs of the linear map.</summary>
    public int Columns { get; }

    /// <summary>The blocks, row after row.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Factors of an 8-bit float weight: none, one, or one per row.</summary>
    public ReadOnlySpan<float> Scales { get; }

    /// <summary>
    /// Keeps the bytes where they are until what it returns is disposed, as those of a mapped file, so that they need not be copied; null, or
    /// returning null: they must be copied.
    /// </summary>
    public Func<IDisposable?>? Hold { get; init; }

    /// <summary>Bytes of a row.</summary>
    public long RowBytes => Format.RowBytes(Columns);

    /// <summary>The factor of a row; 1 where there is none.</summary>
    public float ScaleOf(int row) => Scales.Length switch { 0 => 1, 1 => Scales[0], _ => Scales[row] };
}
