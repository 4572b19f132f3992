namespace Augur.Tensors;

/// <summary>Properties of a backend by which batch sizes, types of intermediates and tolerances are chosen.</summary>
/// <param name="IsBatchInvariant">
/// Whether the bits of a batch entry's result do not depend on the other entries of the batch, nor on their number.
/// </param>
/// <param name="ProductPrecision">Type of the operands as the products read them; sums are always kept in Float32 or wider.</param>
/// <param name="PreferredActivationType">
/// The type in which intermediates between products cost least: Float16 or BFloat16 where products read half precision, Float32 where a half is
/// widened first.
/// </param>
/// <param name="TotalMemory">Bytes of the device's memory; null if unknown.</param>
public sealed record BackendCapabilities(bool IsBatchInvariant, DType ProductPrecision, DType PreferredActivationType, long? TotalMemory);
