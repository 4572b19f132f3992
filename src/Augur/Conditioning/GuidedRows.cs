using System.Collections.Immutable;
using Augur.Tensors;

namespace Augur.Conditioning;

/// <summary>
/// The rows of the network's batch that one sample takes, and how their answers become one prediction: Σ weight · answer. One row without guidance or
/// where its strength is embedded, two for classifier-free guidance, three where text and picture guide apart.
/// </summary>
/// <param name="Conditions">What each row is conditioned on, the conditional one first; at least one. The null condition is the model's.</param>
/// <param name="Weights">One per row; they add up to 1.</param>
/// <param name="Channels">Which channels are guided; the others keep the first row's answer.</param>
/// <param name="Embedded">The guidance scale that the network is told; null: none.</param>
public sealed record GuidedRows(
    ImmutableArray<Condition> Conditions, ImmutableArray<float> Weights, GuidanceChannels Channels = GuidanceChannels.All, float? Embedded = null)
{
    /// <summary>As <see cref="Guidance.Rescale"/>.</summary>
    public float Rescale { get; init; }

    /// <summary>Number of rows.</summary>
    public int Count => Conditions.Length;

    /// <summary>One row, unguided or with its guidance embedded.</summary>
    public static GuidedRows Single(Condition condition, float? embedded = null) => new([condition], [1], Embedded: embedded);

    /// <summary>Classifier-free guidance by two rows; one where the scale needs no other.</summary>
    /// <param name="condition">Of the conditional row.</param>
    /// <param name="without">The model's null condition, or the negative prompt.</param>
    /// <param name="guidance">Scale and channels.</param>
    public static GuidedRows Pair(Condition condition, Condition without, Guidance guidance) => guidance.NeedsUnconditional
        ? new([condition, without], [(float)guidance.Scale, (float)(1 - guidance.Scale)], guidance.Channels) { Rescale = (float)guidance.Rescale }
        : Single(condition);

    /// <summary>The prediction.</summary>
    /// <param name="answers">One row's answers each, [1, channels, …], in the order of the rows.</param>
    public Tensor Combine(IReadOnlyList<Tensor> answers)
    {
        if (Count == 1)
        {
            return answers[0];
        }

        Tensor[] terms = [.. answers.Reverse()]; // the unconditional one first, as guidance is written
        float[] weights = [.. Weights.Reverse()];
        var shape = answers[0].Shape;
        if (Channels == GuidanceChannels.All || shape[1] <= 3)
        {
            return Rescaled(Tensor.Combine(terms, weights), answers[0]);
        }

        var guided = answers[0].Copy();
        var flat = new Shape(shape[0], (int)shape.Product(1, shape.Rank));
        var count = 3 * (int)shape.Product(2, shape.Rank);
        guided.Reshape(flat).Columns(0, count).CombineInPlace(Array.ConvertAll(terms, t => t.Reshape(flat).Columns(0, count)), weights);
        return guided;
    }

    // A large scale raises the deviation; with zero terminal SNR the pictures are overexposed without this. A device-to-host read.
    private Tensor Rescaled(Tensor guided, Tensor conditional)
    {
        if (Rescale == 0)
        {
            return guided;
        }

        var ratio = Deviation(conditional) / Deviation(guided);
        return double.IsFinite(ratio) ? (float)((Rescale * ratio) + 1 - Rescale) * guided : guided;
    }

    private static double Deviation(Tensor x)
    {
        var values = x.ToArray();
        var mean = values.Average(v => (double)v);
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }
}
