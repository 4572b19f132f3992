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

    /// <summary>
    /// Sums for the host to read, 8 bytes: double precision, or on a device without it a pair of singles whose sum is the value; the host always
    /// reads doubles. Written by <see cref="IBackend.RowErrorSums"/> only; no other operation reads it.
    /// </summary>
    Float64,
}

/// <summary>Sizes and kinds of element types.</summary>
public static class DTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this DType type) => type switch
    {
        DType.Float16 or DType.BFloat16 => 2,
        DType.Float64 => 8,
        _ => 4,
    };

    /// <summary>Whether the type is <see cref="DType.Float16"/> or <see cref="DType.BFloat16"/>.</summary>
    public static bool IsHalf(this DType type) => type is DType.Float16 or DType.BFloat16;

    /// <summary>Whether operations between layers may read and write the type: Float32, Float16 or BFloat16.</summary>
    public static bool IsActivation(this DType type) => type == DType.Float32 || type.IsHalf();

    /// <summary>The type itself, if a backend can be asked to keep activations in it.</summary>
    /// <exception cref="ArgumentException">It is not Float32, Float16 or BFloat16.</exception>
    public static DType RequiredActivation(this DType type) => type.IsActivation() ? type
        : throw new ArgumentException($"Activations are Float32, Float16 or BFloat16, not {type}.");

    /// <summary>What a backend's name says of its activations: nothing where they are Float32.</summary>
    public static string ActivationWords(this DType type) => type == DType.Float32 ? "" : $", {type} activations";
}
