using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>Latents whose channels are scaled each by itself: a map with the factors on its diagonal.</summary>
internal static class LatentScale
{
    /// <summary>x · factor + offset of each channel.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="factors">One per channel.</param>
    /// <param name="offsets">One per channel.</param>
    public static PackedLinear Of(IBackend backend, IReadOnlyList<float> factors, IReadOnlyList<float> offsets)
    {
        var diagonal = new float[factors.Count * factors.Count];
        for (var i = 0; i < factors.Count; i++)
        {
            diagonal[(i * factors.Count) + i] = factors[i];
        }

        using var scope = TensorScope.Begin();
        return backend.Pack(
            Tensor.From(backend, diagonal, [factors.Count, factors.Count]), Tensor.From(backend, [.. offsets], [offsets.Count]));
    }
}
