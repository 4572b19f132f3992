namespace Augur.Tensors;

/// <summary>
/// Memory formats of quantised weights, with the names of GGUF types. A block holds consecutive numbers of a row with their common scales; all blocks
/// of a format have the same size.
/// </summary>
public enum QuantizedFormat
{
    /// <summary>32 numbers of 4 bits, a scale: (q − 8) · d.</summary>
    Q4_0,

    /// <summary>32 numbers of 4 bits, scale and minimum: q · d + m.</summary>
    Q4_1,

    /// <summary>32 numbers of 5 bits, a scale: (q − 16) · d.</summary>
    Q5_0,

    /// <summary>32 numbers of 5 bits, scale and minimum: q · d + m.</summary>
    Q5_1,

    /// <summary>32 numbers of 8 bits, a scale: q · d.</summary>
    Q8_0,

    /// <summary>256 numbers of 2 bits, with a 4-bit scale and minimum for each 16: d · s · q − dmin · m.</summary>
    Q2_K,

    /// <summary>256 numbers of 3 bits, with a 6-bit scale for each 16: d · (s − 32) · (q − 4).</summary>
    Q3_K,

    /// <summary>256 numbers of 4 bits, with a 6-bit scale and minimum for each 32: d · s · q − dmin · m.</summary>
    Q4_K,

    /// <summary>256 numbers of 5 bits, with a 6-bit scale and minimum for each 32: d · s · q − dmin · m.</summary>
    Q5_K,

    /// <summary>256 numbers of 6 bits, with an 8-bit scale for each 16: d · s · (q − 32).</summary>
    Q6_K,

    /// <summary>32 numbers of 4 bits that stand for one of 16 values, a scale: d · value[q].</summary>
    IQ4_NL,

    /// <summary>256 numbers as in <see cref="IQ4_NL"/>, with a 6-bit scale for each 32: d · (s − 32) · value[q].</summary>
    IQ4_XS,

    /// <summary>Single numbers of 8 bits: sign, 4 bits of exponent (bias 7), 3 of fraction; no infinity, NaN where all of them are ones.</summary>
    Float8E4M3,

    /// <summary>Single numbers of 8 bits: sign, 5 bits of exponent (bias 15), 2 of fraction; the upper byte of a half.</summary>
    Float8E5M2,
}

/// <summary>Sizes of quantised formats, and their numbers.</summary>
public static unsafe class QuantizedFormats
{
    /// <summary>Numbers of a block; a row is a whole number of blocks.</summary>
    public static int BlockElements(this QuantizedFormat format) => format switch
    {
        QuantizedFormat.Float8E4M3 or QuantizedFormat.Float8E5M2 => 1,
        QuantizedFormat.Q2_K or QuantizedFormat.Q3_K or QuantizedFormat.Q4_K or QuantizedFormat.Q5_K or QuantizedFormat.Q6_K => 256,
        QuantizedFormat.IQ4_XS => 256,
        _ => 32,
    };

    /// <summary>Bytes of a block.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a format.</exception>
    public static int BlockBytes(this QuantizedFormat format) => format switch
    {
        QuantizedFormat.Q4_0 or QuantizedFormat.IQ4_NL => 18,
        QuantizedFormat.Q4_1 => 20,
        QuantizedFormat.Q5_0 => 22,
        QuantizedFormat.Q5_1 => 24,
        QuantizedFormat.Q8_0 => 34,
        QuantizedFormat.Q2_K => 84,
        QuantizedFormat.Q3_K => 110,
        QuantizedFormat.Q4_K => 144,
        QuantizedFormat.Q5_K => 176,
        QuantizedFormat.Q6_K => 210,
        QuantizedFormat.IQ4_XS => 136,
        QuantizedFormat.Float8E4M3 or QuantizedFormat.Float8E5M2 => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "not a quantised format"),
    };

    /// <summary>Whether single numbers of 8 bits, to which scales may belong.</summary>
    public static bool IsFloat8(this QuantizedFormat format) => format is QuantizedFormat.Float8E4M3 or QuantizedFormat.Float8E5M2;

    /// <summary>Where a block's half-precision scales begin, in bytes.</summary>
    internal static ReadOnlySpan<int> ScaleOffsets(this QuantizedFormat format) => format switch
    {
        QuantizedFormat.Q4_1 or QuantizedFormat.Q5_1 or QuantizedFormat.Q4_K or QuantizedFormat.Q5_K => [0, 2],
        QuantizedFormat.Q2_K => [80, 82],
        QuantizedFormat.Q3_K => [108],
        QuantizedFormat.Q6_K => [208],
        QuantizedFormat.Float8E4M3 or QuantizedFormat.Float8E5M2 => [],
        _ => [0],
    };

    /// <summary>Bytes of a row of numbers.</summary>
    /// <exception cref="ArgumentException">The row is not a whole number of blocks.</exception>
    public static long RowBytes(this QuantizedFormat format, int elements) => elements >= 0 && elements % format.BlockElements() == 0
        ? (long)(elements / format.BlockElements()) * format.BlockBytes()
        : throw new ArgumentException($"A row of {elements} numbers is not a whole number of {format} blocks of {format.BlockElements()}.");

    /// <summary>
    /// The numbers in single precision: bit for bit what ggml gives, because products are evaluated from left to right with each result rounded.
    /// </summary>
    /// <param name="format">Format of the blocks.</param>
    /// <param name="blocks">Whole blocks.</param>
    /// <param name="values">Receives the numbers; as long as the blocks have numbers.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public static void Widen(this QuantizedFormat format, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        if (blocks.Length != format.RowBytes(values.Length))
        {
            throw new ArgumentException($"{blocks.Length} bytes are not {values.Length} numbers in {format} blocks of {format.BlockBytes()} bytes.");
        }

        fixed (byte* from = blocks)
        fixed (float* to = values)
        {
            Cpu.QuantizedRows.Widen(format, from, values.Length, 1, to);
        }
    }
}
