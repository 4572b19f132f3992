namespace Augur.Tensors;

/// <content>Operations of transformers: norms of heads, rotary positions, attention.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Normalisation by the root of the mean square, over the innermost axis or over each head's part of it: x / √(mean(x²) + epsilon) · weight.
    /// </summary>
    /// <param name="weight">[channels / heads]; null: 1.</param>
    /// <param name="epsilon">At least 0.</param>
    /// <param name="heads">Number of heads, each normalised by itself; the channels of one head are contiguous.</param>
    /// <param name="result">Type of the result; this tensor and the weight are Float32, Float16 or BFloat16, each by itself.</param>
    public Tensor RmsNorm(Tensor? weight, float epsilon, int heads = 1, DType result = DType.Float32)
    {
        RequireActivation(nameof(RmsNorm));
        weight?.RequireActivation(nameof(RmsNorm));
        RequireEpsilon(epsilon, nameof(RmsNorm));
        if (Shape.Rank < 1 || heads < 1 || Shape.Columns % heads != 0 || (weight is not null && weight.Shape != new Shape(Shape.Columns / heads)))
        {
            throw new ArgumentException(
                $"RmsNorm: {Shape} in {heads} heads {(weight is null ? "does not divide" : $"does not fit a weight {weight.Shape}")}.");
        }

        var y = EmptyResult(Shape, result, nameof(RmsNorm));
        Backend.RmsNorm(this, weight, heads, epsilon, y);
        return y;
    }

    /// <summary>
    /// Rotary positions: turns pairs of each head's channels by the angles of its token, (x₀ cos − x₁ sin, x₀ sin + x₁ cos). For positions on several
    /// axes, the caller concatenates the angles of the axes.
    /// </summary>
    /// <param name="cosines">
    /// Float32 [tokens, turned / 2], or [batch, tokens, turned / 2]; channels of a head beyond the turned ones keep their values.
    /// </param>
    /// <param name="sines">The same shape.</param>
    /// <param name="pairs">Which channels turn together.</param>
    /// <param name="heads">Number of heads; the channels of one head are contiguous.</param>
    /// <param name="result">Type of the result; this tensor [batch, tokens, channels] is Float32, Float16 or BFloat16.</param>
    public Tensor Rotate(Tensor cosines, Tensor sines, RotaryPairs pairs, int heads, DType result = DType.Float32)
    {
        RequireActivation(nameof(Rotate));
        cosines.NotNull().RequireType(DType.Float32, nameof(Rotate));
        sines.NotNull().RequireType(DType.Float32, nameof(Rotate));
        var fits = Shape.Rank == 3 && heads >= 1 && Shape[2] % heads == 0 && cosines.Shape == sines.Shape && cosines.Shape.Rank is 2 or 3
            && 2L * cosines.Shape.Columns <= Shape[2] / heads
            && (cosines.Shape.Rank == 2 ? cosines.Shape[0] == Shape[1] : cosines.Shape[0] == Shape[0] && cosines.Shape[1] == Shape[1]);
        if (!fits || !Enum.IsDefined(pairs))
        {
            throw new ArgumentException($"Rotate: {Shape} in {heads} heads, cosines {cosines.Shape} and sines {sines.Shape} of {pairs} do not fit.");
        }

        var y = EmptyResult(Shape, result, nameof(Rotate));
        Backend.Rotate(this, cosines, sines, pairs, heads, y);
        return y;
    }

    /// <summary>Multi-head attention of these queries [batch, queries, channels] to keys and values [batch, keys, keyChannels].</summary>
    /// <param name="keys">[batch, keys, keyChannels], where keyChannels is less than channels if there are fewer heads of keys.</param>
    /// <param name="values">The keys' shape.</param>
    /// <param name="heads">Number of heads; the channels of one head are contiguous.</param>
    /// <param name="options">Which keys are seen, and what is added to the scores.</param>
    /// <param name="result">Type of the result; queries, keys and values are Float32, Float16 or BFloat16, each by itself.</param>
    public Tensor AttendTo(Tensor keys, Tensor values, int heads, AttentionOptions options = default, DType result = DType.Float32)
    {
        const string Operation = "Attention";
        RequireActivation(Operation);
        keys.NotNull().RequireActivation(Operation);
        values.NotNull().RequireActivation(Operation);
        var keyHeads = options.KeyHeads == 0 ? heads : options.KeyHeads;
        if (Shape.Rank != 3 || keys.Shape.Rank != 3 || keys.Shape != values.Shape || keys.Shape[0] != Shape[0]
            || heads < 1 || Shape[2] < 1 || Shape[2] % heads != 0 || keyHeads < 1 || heads % keyHeads != 0
            || keys.Shape[2] != (long)keyHeads * (Shape[2] / heads))
        {
            var heard = keyHeads == heads ? $"{heads} heads" : $"{heads} heads over {keyHeads} of keys";
            throw new ArgumentException($"Attention: queries {Shape}, keys {keys.Shape}, values {values.Shape} and {heard} do not fit.");
        }

        if (keys.Shape[1] == 0 && Shape.ElementCount > 0)
        {
            throw new ArgumentException($"Attention: queries {Shape} have no keys in {keys.Shape}.");
        }

        RequireAttention(keys.Shape, heads, options);
        var y = EmptyResult(Shape, result, Operation);
        Backend.Attention(this, keys, values, heads, options.Scale ?? (1 / MathF.Sqrt(Shape[2] / heads)), options, y);
        return y;
    }

    private void RequireAttention(Shape keys, int heads, AttentionOptions options)
    {
        if (options.IsCausal && keys[1] < Shape[1])
        {
            throw new ArgumentException($"Attention: of {Shape[1]} queries the first would see no key, as there are {keys[1]} only.");
        }

        if (options.Scale is { } scale && !float.IsFinite(scale))
        {
            throw new ArgumentException($"Attention: a scale of {scale.ToString(System.Globalization.CultureInfo.InvariantCulture)}.");
        }

        if (options.Bias is { } bias)
        {
            bias.RequireType(DType.Float32, "Attention");
            if (bias.Shape != new Shape(1, Shape[1], keys[1]) && bias.Shape != new Shape(heads, Shape[1], keys[1]))
            {
                throw new ArgumentException($"Attention: a bias {bias.Shape} where [1 or {heads}, {Shape[1]}, {keys[1]}] is needed.");
            }
        }

        if (options.KeyCounts is { } counts)
        {
            if (counts.Shape != new Shape(Shape[0]))
            {
                throw new ArgumentException($"Attention: key counts {counts.Shape} for a batch of {Shape[0]}.");
            }

            foreach (var count in counts.Indices)
            {
                if (count < 1 || count > keys[1])
                {
                    throw new ArgumentOutOfRangeException(nameof(options), $"Attention: {count} keys of {keys[1]}; an entry has 1 at least.");
                }
            }
        }
    }
}
