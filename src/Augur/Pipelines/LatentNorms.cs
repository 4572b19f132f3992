using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>
/// The norm of what the network saw of a sample in each call: written where the network is, and read by nobody unless the result holds NaN or
/// infinity, so that it can be said since when.
/// </summary>
/// <param name="calls">Network calls of the run, at most.</param>
internal sealed class LatentNorms(int calls) : IDisposable
{
    private Tensor? _norms; // [calls, 1]

    /// <summary>Notes what a call is to see.</summary>
    /// <param name="call">Index of the call; noted again, it is replaced.</param>
    /// <param name="latent">[1, channels, …].</param>
    public void Note(int call, Tensor latent)
    {
        using var scope = TensorScope.Begin();
        _norms ??= Tensor.Zeros(latent.Backend, [calls, 1]).Retain();
        _norms.Rows(call, 1).CopyFromInPlace(latent.Reshape([1, 1, checked((int)latent.Shape.ElementCount)]).TokenNorms());
    }

    /// <summary>The first call that saw a latent which was not finite; null: none did. A read.</summary>
    public int? FirstNotFinite() => Array.FindIndex(_norms?.ToArray() ?? [], norm => !float.IsFinite(norm)) is >= 0 and var call ? call : null;

    /// <inheritdoc/>
    public void Dispose() => _norms?.Dispose();
}
