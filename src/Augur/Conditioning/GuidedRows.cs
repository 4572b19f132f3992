using System.Collections.Immutable;
using Augur.Tensors;

namespace Augur.Conditioning;

/// <summary>Guidance that acts in some steps only, such as that of rows for which blocks are left out.</summary>
/// <param name="Start">It acts in steps i with start · steps &lt; i,</param>
/// <param name="End">and i &lt; end · steps.</param>
/// <param name="Weights">One per row; they add up to 1.</param>
public sealed record GuidanceWindow(double Start, double End, ImmutableArray<float> Weights);

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
    /// <summary>Steps in which other weights hold; null: none.</summary>
    public GuidanceWindow? Window { get; init; }

    /// <summary>The calls in which all rows are computed; null: all calls.</summary>
    public GuidanceInterval? Interval { get; init; }

    /// <summary>The rows that a call computes: all, or outside the interval the conditional one, whose answer is the prediction.</summary>
    /// <param name="call">Calls before this one.</param>
    /// <param name="calls">Calls of the run.</param>
    public GuidedRows InCall(int call, int calls) => Interval?.Holds(call, calls) != false ? this : Single(Conditions[0], Embedded);

    /// <summary>The rows with the weights of a step.</summary>
    /// <param name="step">Index of the step; 0 is pure noise.</param>
    /// <param name="steps">Number of steps.</param>
    public GuidedRows At(int step, int steps) => Window is { } window && step > window.Start * steps && step < window.End * steps
        ? this with { Weights = window.Weights, Window = null }
        : this;

    /// <summary>
    /// Side of the squares of latent cells, over all channels, in which the guided prediction keeps the length of the first row's (true guidance of
    /// Qwen-Image: more guidance then turns the prediction and does not brighten it); null: the length is free.
    /// </summary>
    public int? KeptNorm { get; init; }

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
        ArgumentNullException.ThrowIfNull(answers);
        if (Count == 1)
        {
            return answers[0];
        }

        Tensor[] terms = [.. answers.Reverse()]; // the unconditional one first, as guidance is written
        float[] weights = [.. Weights.Reverse()];
        var shape = answers[0].Shape;
        if (Channels == GuidanceChannels.All || shape[1] <= 3)
        {
            var combined = Rescaled(Tensor.Combine(terms, weights), answers[0]);
            return KeptNorm is { } side ? WithNormsOf(answers[0], combined, side) : combined;
        }

        var guided = answers[0].Copy();
        var flat = new Shape(shape[0], (int)shape.Product(1, shape.Rank));
        var count = 3 * (int)shape.Product(2, shape.Rank);
        guided.Reshape(flat).Columns(0, count).CombineInPlace(Array.ConvertAll(terms, t => t.Reshape(flat).Columns(0, count)), weights);
        return guided;
    }

    // Each square of cells in the direction of one prediction and with the length of another, both [1, channels, …, height, width].
    private static Tensor WithNormsOf(Tensor lengths, Tensor directions, int side)
    {
        var tokens = Squares(directions, side);
        var (count, channels) = (tokens.Shape[0], tokens.Shape[1]);

        // Root mean squares spread over a square's channels, by a map of one input.
        using var ones = tokens.Backend.Pack(Tensor.Full(tokens.Backend, [channels, 1], 1 / MathF.Sqrt(channels)), null);
        var spread = Squares(lengths, side).Reshape([1, count, channels]).TokenNorms().Reshape([count, 1]).Linear(ones);
        var scaled = tokens.RmsNorm(null, float.Epsilon) * spread;
        var (shape, height, width) = (directions.Shape, directions.Shape[^2], directions.Shape[^1]);
        var outer = (int)(shape.ElementCount / shape[1] / height / width);
        return scaled.Reshape([outer * (height / side), width / side, shape[1], side, side])
            .Permute(2, 0, 3, 1, 4) // [channels, frames · height, side, width, side]
            .Reshape(shape);
    }

    private static Tensor Squares(Tensor latent, int side)
    {
        var (shape, height, width) = (latent.Shape, latent.Shape[^2], latent.Shape[^1]);
        var outer = (int)(shape.ElementCount / shape[1] / height / width);
        return latent.Reshape([shape[1], outer * (height / side), side, width / side, side])
            .Permute(1, 3, 0, 2, 4)
            .Reshape([outer * (height / side) * (width / side), shape[1] * side * side]);
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
