using Augur.Decoding;

namespace Augur.Metrics.Features;

/// <summary>A network that says in numbers what a picture shows. Immutable after loading; any number of threads may call it.</summary>
public interface IFeatureNetwork : IDisposable
{
    /// <summary>For reports, which must say whose features a distance was measured on.</summary>
    string Name { get; }

    /// <summary>Length of <see cref="PictureFeatures.Pooled"/>.</summary>
    int Dimensions { get; }

    /// <summary>Describes pictures, in order, a batch at a time as the result is read; of any size: each network says how it resizes.</summary>
    IEnumerable<PictureFeatures> Describe(IEnumerable<RgbImage> images);
}
