namespace Augur.Tensors;

/// <summary>Element type of a tensor in memory. Arithmetic is always done in <see cref="Float32"/> or wider.</summary>
public enum DType
{
    /// <summary>IEEE 754 single precision, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE 754 half precision, 2 bytes; widened where it is used.</summary>
    Float16,

    /// <summary>The upper half of a single, 2 bytes; widened where it is used.</summary>
    BFloat16,

    /// <summary>Signed 32-bit integer, 4 bytes; index tables.</summary>
    Int32,
}

/// <summary>Sizes of element types.</summary>
public static class DTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this DType type) => type is DType.Float16 or DType.BFloat16 ? 2 : 4;
}
