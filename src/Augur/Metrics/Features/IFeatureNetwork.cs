using Augur.Decoding;

namespace Augur.Metrics.Features;

/// <summary>A network that maps pictures to feature vectors. Immutable after loading; any number of threads may call it.</summary>
public interface IFeatureNetwork : IDisposable
{
    /// <summary>Name for reports, since distances depend on the feature network.</summary>
    string Name { get; }

    /// <summary>Length of <see cref="PictureFeatures.Pooled"/>.</summary>
    int Dimensions { get; }

    /// <summary>Computes features of pictures, in order, lazily in batches. Pictures may have any size; the network resizes them.</summary>
    IEnumerable<PictureFeatures> Describe(IEnumerable<RgbImage> images);
}
