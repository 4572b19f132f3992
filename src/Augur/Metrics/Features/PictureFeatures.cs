using Augur.Tensors;

namespace Augur.Metrics.Features;

/// <summary>The output of a feature network for one picture.</summary>
/// <param name="Pooled">The last features averaged over the picture, which Fréchet distance compares. [dimensions]</param>
/// <param name="Scores">One number per class, before any softmax; the classes of several heads follow each other. [classes]</param>
/// <param name="Stages">Intermediate features for <see cref="PerceptualDistance"/>; empty for networks that do not support it.</param>
public sealed record PictureFeatures(float[] Pooled, float[] Scores, IReadOnlyList<StageMap> Stages)
{
    /// <summary>Makes one record for each picture of a batch; reads each tensor from the device.</summary>
    internal static PictureFeatures[] FromBatch(Tensor pooled, Tensor scores, IEnumerable<Tensor> stages)
    {
        var (features, classes) = (Rows(pooled), Rows(scores));
        var maps = stages.Select(StageMap.FromBatch).ToArray();
        return [.. features.Select((row, i) => new PictureFeatures(row, classes[i], [.. maps.Select(stage => stage[i])]))];
    }

    private static float[][] Rows(Tensor x) => [.. x.ToArray().Chunk(x.Shape.Columns)];
}
