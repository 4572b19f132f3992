using Augur.Tensors;

namespace Augur.Metrics.Features;

/// <summary>What a feature network says of one picture.</summary>
/// <param name="Pooled">The last features averaged over the picture: what Fréchet distance compares. [dimensions]</param>
/// <param name="Scores">One number per class, before any softmax; the classes of several heads follow each other. [classes]</param>
/// <param name="Stages">The features on the way, for <see cref="PerceptualDistance"/>; none from networks that are not made for it.</param>
public sealed record PictureFeatures(float[] Pooled, float[] Scores, IReadOnlyList<StageMap> Stages)
{
    /// <summary>One record for each picture of a batch; a device-to-host read of each tensor.</summary>
    internal static PictureFeatures[] FromBatch(Tensor pooled, Tensor scores, IEnumerable<Tensor> stages)
    {
        var (features, classes) = (Rows(pooled), Rows(scores));
        var maps = stages.Select(StageMap.FromBatch).ToArray();
        return [.. features.Select((row, i) => new PictureFeatures(row, classes[i], [.. maps.Select(stage => stage[i])]))];
    }

    private static float[][] Rows(Tensor x) => [.. x.ToArray().Chunk(x.Shape.Columns)];
}
