namespace Augur.Tensors;

/// <summary>What a backend is, for whoever chooses batch sizes, types of intermediates or tolerances by it.</summary>
/// <param name="IsBatchInvariant">
/// Whether an entry's bits are the same whatever stands in the other entries of its batch, and however many they are.
/// </param>
/// <param name="ProductPrecision">Type of the operands as the products read them; sums are always kept in Float32 or wider.</param>
/// <param name="PreferredActivationType">
/// The type in which intermediates between products cost least: Float16 or BFloat16 where products read half precision, Float32 where a half is
/// widened first.
/// </param>
/// <param name="TotalMemory">Bytes of the device's memory; null where it is not known.</param>
public sealed record BackendCapabilities(bool IsBatchInvariant, DType ProductPrecision, DType PreferredActivationType, long? TotalMemory);
