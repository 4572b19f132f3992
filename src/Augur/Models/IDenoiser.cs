using Augur.Caching;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Models;

/// <summary>A class-conditional network that predicts noise or flow from a latent. Immutable after loading; any number of threads may call it.</summary>
public interface IDenoiser : IDisposable
{
    /// <summary>For reports: architecture and size.</summary>
    string Name { get; }

    /// <summary>Where its weights are.</summary>
    IBackend Backend { get; }

    /// <summary>Number of transformer blocks.</summary>
    int Depth { get; }

    /// <summary>Shape of one latent: [channels, height, width], in latent cells.</summary>
    Shape LatentShape { get; }

    /// <summary>Number of classes; the label of that value is the null class of guidance.</summary>
    int ClassCount { get; }

    /// <summary>What the output means.</summary>
    Prediction Prediction { get; }

    /// <summary>Whether the output's second half of channels is a learned variance.</summary>
    bool LearnsVariance { get; }

    /// <summary>FLOPs of one row of one full call; a multiply-add is 2.</summary>
    long FlopsPerRow { get; }

    /// <summary>Predicts for a batch whose rows may stand at different times.</summary>
    /// <param name="latents">[batch, channels, height, width].</param>
    /// <param name="timesteps">Model time of each row.</param>
    /// <param name="labels">Class of each row; <see cref="ClassCount"/> for the null class.</param>
    /// <param name="cache">Answers for each feature. The caller has begun the call and ends it.</param>
    /// <returns>[batch, channels (twice, with a learned variance), height, width].</returns>
    Tensor Predict(Tensor latents, ReadOnlySpan<float> timesteps, ReadOnlySpan<int> labels, IFeatureCache cache);
}
