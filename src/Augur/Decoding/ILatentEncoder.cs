using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>Turns pictures into the latents that a model works on: the other half of an <see cref="IDecoder"/>. Threads may share it.</summary>
public interface ILatentEncoder
{
    /// <summary>Encodes pictures.</summary>
    /// <param name="pixels">[batch, 3, height, width] in [−1, 1].</param>
    /// <returns>[batch, channels, height, width] in latent cells, as the model's sampler has them.</returns>
    /// <exception cref="ArgumentException">The pixels have another shape.</exception>
    /// <exception cref="InvalidOperationException">The encoder was not loaded, or the file has none.</exception>
    Tensor EncodeLatents(Tensor pixels);
}
