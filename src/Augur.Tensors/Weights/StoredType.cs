namespace Augur.Tensors.Weights;

/// <summary>Element type of a tensor in a file.</summary>
public enum StoredType
{
    /// <summary>IEEE 754 double precision, 8 bytes.</summary>
    Float64,

    /// <summary>IEEE 754 single precision, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE 754 half precision, 2 bytes.</summary>
    Float16,

    /// <summary>The upper half of a single, 2 bytes.</summary>
    BFloat16,

    /// <summary>1 sign, 5 exponent and 2 mantissa bits: the upper byte of a half.</summary>
    Float8E5M2,

    /// <summary>1 sign, 4 exponent and 3 mantissa bits, without infinities (the "fn" variant).</summary>
    Float8E4M3,

    /// <summary>Signed, 8 bytes.</summary>
    Int64,

    /// <summary>Signed, 4 bytes.</summary>
    Int32,

    /// <summary>Signed, 2 bytes.</summary>
    Int16,

    /// <summary>Signed, 1 byte.</summary>
    Int8,

    /// <summary>Unsigned, 8 bytes.</summary>
    UInt64,

    /// <summary>Unsigned, 4 bytes.</summary>
    UInt32,

    /// <summary>Unsigned, 2 bytes.</summary>
    UInt16,

    /// <summary>Unsigned, 1 byte.</summary>
    UInt8,

    /// <summary>True or false, 1 byte.</summary>
    Bool,

    /// <inheritdoc cref="QuantizedFormat.Q4_0"/>
    Q4_0,

    /// <inheritdoc cref="QuantizedFormat.Q4_1"/>
    Q4_1,

    /// <inheritdoc cref="QuantizedFormat.Q5_0"/>
    Q5_0,

    /// <inheritdoc cref="QuantizedFormat.Q5_1"/>
    Q5_1,

    /// <inheritdoc cref="QuantizedFormat.Q8_0"/>
    Q8_0,

    /// <inheritdoc cref="QuantizedFormat.Q2_K"/>
    Q2_K,

    /// <inheritdoc cref="QuantizedFormat.Q3_K"/>
    Q3_K,

    /// <inheritdoc cref="QuantizedFormat.Q4_K"/>
    Q4_K,

    /// <inheritdoc cref="QuantizedFormat.Q5_K"/>
    Q5_K,

    /// <inheritdoc cref="QuantizedFormat.Q6_K"/>
    Q6_K,

    /// <inheritdoc cref="QuantizedFormat.IQ4_NL"/>
    IQ4_NL,

    /// <inheritdoc cref="QuantizedFormat.IQ4_XS"/>
    IQ4_XS,
}

/// <summary>Sizes and names of stored element types.</summary>
public static class StoredTypes
{
    private static readonly (StoredType Type, string Name)[] s_safetensorsNames =
    [
        (StoredType.Float64, "F64"), (StoredType.Float32, "F32"), (StoredType.Float16, "F16"), (StoredType.BFloat16, "BF16"),
        (StoredType.Float8E5M2, "F8_E5M2"), (StoredType.Float8E4M3, "F8_E4M3"), (StoredType.Int64, "I64"), (StoredType.Int32, "I32"),
        (StoredType.Int16, "I16"), (StoredType.Int8, "I8"), (StoredType.UInt64, "U64"), (StoredType.UInt32, "U32"),
        (StoredType.UInt16, "U16"), (StoredType.UInt8, "U8"), (StoredType.Bool, "BOOL"),
    ];

    /// <summary>Bytes of one element; not for types of blocks.</summary>
    /// <exception cref="ArgumentException">A type of blocks, whose elements have no bytes of their own.</exception>
    public static int Size(this StoredType type) => type switch
    {
        _ when type.IsBlocks() => throw new ArgumentException($"The elements of {type} have no bytes of their own."),
        StoredType.Float64 or StoredType.Int64 or StoredType.UInt64 => 8,
        StoredType.Float32 or StoredType.Int32 or StoredType.UInt32 => 4,
        StoredType.Float16 or StoredType.BFloat16 or StoredType.Int16 or StoredType.UInt16 => 2,
        _ => 1,
    };

    /// <summary>Whether the elements are whole numbers or truth values.</summary>
    public static bool IsInteger(this StoredType type) => type is >= StoredType.Int64 and <= StoredType.Bool;

    /// <summary>Whether the elements are stored in blocks with common scales.</summary>
    public static bool IsBlocks(this StoredType type) => type >= StoredType.Q4_0;

    /// <summary>Bytes of so many elements; of blocks, a whole number of them.</summary>
    public static long Bytes(this StoredType type, long elements) => type.IsBlocks()
        ? elements / type.Quantized()!.Value.BlockElements() * type.Quantized()!.Value.BlockBytes()
        : elements * type.Size();

    /// <summary>The memory format of a type that linear maps use as it is stored; null for others.</summary>
    public static QuantizedFormat? Quantized(this StoredType type) => type switch
    {
        StoredType.Q4_0 => QuantizedFormat.Q4_0,
        StoredType.Q4_1 => QuantizedFormat.Q4_1,
        StoredType.Q5_0 => QuantizedFormat.Q5_0,
        StoredType.Q5_1 => QuantizedFormat.Q5_1,
        StoredType.Q8_0 => QuantizedFormat.Q8_0,
        StoredType.Q2_K => QuantizedFormat.Q2_K,
        StoredType.Q3_K => QuantizedFormat.Q3_K,
        StoredType.Q4_K => QuantizedFormat.Q4_K,
        StoredType.Q5_K => QuantizedFormat.Q5_K,
        StoredType.Q6_K => QuantizedFormat.Q6_K,
        StoredType.IQ4_NL => QuantizedFormat.IQ4_NL,
        StoredType.IQ4_XS => QuantizedFormat.IQ4_XS,
        StoredType.Float8E4M3 => QuantizedFormat.Float8E4M3,
        StoredType.Float8E5M2 => QuantizedFormat.Float8E5M2,
        _ => null,
    };

    internal static string SafetensorsName(this StoredType type) => Array.Find(s_safetensorsNames, t => t.Type == type).Name;

    internal static bool TryParseSafetensors(string name, out StoredType type)
    {
        var index = Array.FindIndex(s_safetensorsNames, t => t.Name == name);
        type = index < 0 ? default : s_safetensorsNames[index].Type;
        return index >= 0;
    }
}
