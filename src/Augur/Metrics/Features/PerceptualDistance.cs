using Augur.Decoding;

namespace Augur.Metrics.Features;

/// <summary>
/// LPIPS-style distance of two pictures on Augur features: the construction of Zhang, Isola, Efros, Shechtman and Wang, "The unreasonable
/// effectiveness of deep features as a perceptual metric" (arXiv 1801.03924, section 3), with uniform weights on another network.
/// </summary>
/// <remarks>
/// At each of the network's stages, channel vectors are scaled to length 1, their squared distances averaged over the places, and the stages are
/// summed. It is not LPIPS: the network is Augur's own, reads 32×32 pixels, and its weights are not fitted to human judgements. Report it as
/// "LPIPS-style, Augur features".
/// </remarks>
public static class PerceptualDistance
{
    /// <summary>
    /// The distance: 0 for identical pictures, at most 2 for each stage of a network whose features are never negative (8 with the built-in
    /// features).
    /// </summary>
    /// <exception cref="ArgumentException">The features come from different networks, or from one without stages.</exception>
    public static double Between(PictureFeatures picture, PictureFeatures reference)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(reference);
        if (picture.Stages.Count == 0 || picture.Stages.Count != reference.Stages.Count)
        {
            throw new ArgumentException(
                $"PerceptualDistance: descriptions with {picture.Stages.Count} and {reference.Stages.Count} stages cannot be compared; "
                + "both need the same stages, at least 1.");
        }

        return picture.Stages.Zip(reference.Stages, (a, b) => a.DistanceTo(b)).Sum();
    }

    /// <summary>The distance of each pair, in order; computed lazily in batches.</summary>
    /// <param name="network">The feature network.</param>
    /// <param name="pairs">Pairs of pictures of any size; each picture is resized separately.</param>
    public static IEnumerable<double> Between(FeatureNetwork network, IEnumerable<(RgbImage Picture, RgbImage Reference)> pairs)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pairs);
        return network.Describe(pairs.SelectMany(pair => new[] { pair.Picture, pair.Reference })).Chunk(2).Select(pair => Between(pair[0], pair[1]));
    }
}
