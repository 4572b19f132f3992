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
}

/// <summary>Sizes and names of stored element types.</summary>
internal static class StoredTypes
{
    private static readonly (StoredType Type, string Name)[] s_safetensorsNames =
    [
        (StoredType.Float64, "F64"), (StoredType.Float32, "F32"), (StoredType.Float16, "F16"), (StoredType.BFloat16, "BF16"),
        (StoredType.Float8E5M2, "F8_E5M2"), (StoredType.Float8E4M3, "F8_E4M3"), (StoredType.Int64, "I64"), (StoredType.Int32, "I32"),
        (StoredType.Int16, "I16"), (StoredType.Int8, "I8"), (StoredType.UInt64, "U64"), (StoredType.UInt32, "U32"),
        (StoredType.UInt16, "U16"), (StoredType.UInt8, "U8"), (StoredType.Bool, "BOOL"),
    ];

    /// <summary>Bytes of one element.</summary>
    public static int Size(this StoredType type) => type switch
    {
        StoredType.Float64 or StoredType.Int64 or StoredType.UInt64 => 8,
        StoredType.Float32 or StoredType.Int32 or StoredType.UInt32 => 4,
        StoredType.Float16 or StoredType.BFloat16 or StoredType.Int16 or StoredType.UInt16 => 2,
        _ => 1,
    };

    /// <summary>Whether the elements are whole numbers or truth values.</summary>
    public static bool IsInteger(this StoredType type) => type >= StoredType.Int64;

    internal static string SafetensorsName(this StoredType type) => Array.Find(s_safetensorsNames, t => t.Type == type).Name;

    internal static bool TryParseSafetensors(string name, out StoredType type)
    {
        var index = Array.FindIndex(s_safetensorsNames, t => t.Name == name);
        type = index < 0 ? default : s_safetensorsNames[index].Type;
        return index >= 0;
    }
}
