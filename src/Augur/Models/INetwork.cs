using Augur.Caching;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Models;

/// <summary>A class-conditional network that predicts noise or flow from a latent. Immutable after loading; any number of threads may call it.</summary>
public interface INetwork : IDisposable
{
    /// <summary>For reports: architecture and size.</summary>
    string Name { get; }

    /// <summary>Where its weights are.</summary>
    IBackend Backend { get; }

    /// <summary>Number of transformer blocks.</summary>
    int Depth { get; }

    /// <summary>Shape of one latent: [channels, height, width], in latent cells.</summary>
    Shape LatentShape { get; }

    /// <summary>Shape of one row of the residual stream: [tokens, channels].</summary>
    Shape StreamShape { get; }

    /// <summary>Shape of one row of the output before it is unfolded to a latent: [tokens, outputs].</summary>
    Shape OutputShape { get; }

    /// <summary>Tokens as rows and columns of the picture, in raster order: [rows, columns].</summary>
    Shape GridShape { get; }

    /// <summary>Number of classes; the label of that value is the null class of guidance.</summary>
    int ClassCount { get; }

    /// <summary>What the output means.</summary>
    Prediction Prediction { get; }

    /// <summary>Whether the output's second half of channels is a learned variance.</summary>
    bool LearnsVariance { get; }

    /// <summary>FLOPs of one row of one full call; a multiply-add is 2.</summary>
    long FlopsPerRow { get; }

    /// <summary>FLOPs that computing a site costs for one row, what lies inside it not counted; over all sites of a call they add up to <see cref="FlopsPerRow"/>.</summary>
    /// <param name="site">Where in the network.</param>
    /// <param name="tokens">Tokens that the feature is wanted for.</param>
    long FlopsOf(Site site, int tokens);

    /// <summary>Predicts for a batch whose rows may stand at different times.</summary>
    /// <param name="latents">[batch, channels, height, width].</param>
    /// <param name="timesteps">Model time of each row.</param>
    /// <param name="labels">Class of each row; <see cref="ClassCount"/> for the null class.</param>
    /// <param name="cache">Answers for each feature.</param>
    /// <returns>[batch, channels (twice, with a learned variance), height, width].</returns>
    Tensor Predict(Tensor latents, ReadOnlySpan<float> timesteps, ReadOnlySpan<int> labels, IFeatureDoor cache);
}
