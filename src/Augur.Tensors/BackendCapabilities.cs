namespace Augur.Tensors;

/// <summary>Properties of a backend by which batch sizes, types of intermediates and tolerances are chosen.</summary>
/// <param name="IsBatchInvariant">
/// Whether the bits of a batch entry's result do not depend on the other entries of the batch, nor on their number.
/// </param>
/// <param name="ProductPrecision">Type of the operands as the products read them; sums are always kept in Float32 or wider.</param>
/// <param name="ActivationType">
/// The type of what one operation of a layer hands to the next and nobody keeps or compares: Float32, or half precision for half the memory and
/// half the bytes to move. An option of the backend, which networks ask for by <see cref="Tensor.ActivationType"/>.
/// </param>
/// <param name="TotalMemory">Bytes of the device's memory; null if unknown.</param>
public sealed record BackendCapabilities(bool IsBatchInvariant, DType ProductPrecision, DType ActivationType, long? TotalMemory);
