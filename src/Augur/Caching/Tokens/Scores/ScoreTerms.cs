using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>
/// The terms of ToCa's score (arXiv 2410.05317, section 3), in single precision as released. Scores are [rows · tokens], token fastest.
/// </summary>
internal static class ScoreTerms
{
    private const double LeastNorm = 1e-12; // of a row of zeros, as in the framework that the released code calls

    /// <summary>One number per token from the norms of its values.</summary>
    /// <param name="values">Token fastest.</param>
    /// <param name="shape">[rows, heads, tokens].</param>
    /// <param name="order">Which way they count.</param>
    public static float[] OfValueNorms(float[] values, Shape shape, ValueNormOrder order)
    {
        int rows = shape[0], heads = shape[1], tokens = shape[2];
        var scores = new float[rows * tokens];
        for (var i = 0; i < values.Length; i++)
        {
            var token = (i / (heads * tokens) * tokens) + (i % tokens);
            scores[token] += order == ValueNormOrder.SmallFirst ? 1 - values[i] : values[i] / heads;
        }

        return scores;
    }

    /// <summary>Divides each row by its Euclidean norm.</summary>
    public static void NormalizeInPlace(Span<float> scores, int tokens)
    {
        for (var row = 0; row < scores.Length; row += tokens)
        {
            double sum = 0;
            foreach (var score in scores.Slice(row, tokens))
            {
                sum += (double)score * score;
            }

            var norm = (float)Math.Max(Math.Sqrt(sum), LeastNorm);
            foreach (ref var score in scores.Slice(row, tokens))
            {
                score /= norm;
            }
        }
    }

    /// <summary>Gives the guidance rows of a sample, which stand together, one score: their mean, or the first one's.</summary>
    public static void AlignInPlace(Span<float> scores, int tokens, int rowsPerSample, TwinAlignment alignment)
    {
        if (alignment == TwinAlignment.None || rowsPerSample == 1)
        {
            return;
        }

        for (var sample = 0; sample < scores.Length; sample += rowsPerSample * tokens)
        {
            for (var i = sample; i < sample + tokens; i++)
            {
                var score = scores[i];
                for (var row = 1; row < rowsPerSample && alignment == TwinAlignment.Average; row++)
                {
                    score += scores[i + (row * tokens)];
                }

                score = alignment == TwinAlignment.Average ? score / rowsPerSample : score;
                for (var row = 0; row < rowsPerSample; row++)
                {
                    scores[i + (row * tokens)] = score;
                }
            }
        }
    }

    /// <summary>
    /// s₂ before it is normalised: 1 + entropy. Twins that share a score read different texts, one of them half of the time each: their joint entropy
    /// is the mean of both and ln 2 more, as released, where the texts of a batch lie one behind the other.
    /// </summary>
    /// <param name="entropies">In nats; the mean over the twins where they share.</param>
    /// <param name="sharers">Rows that share a score.</param>
    public static void FromEntropiesInPlace(Span<float> entropies, int sharers)
    {
        foreach (ref var entropy in entropies)
        {
            entropy += 1 + MathF.Log(sharers);
        }
    }

    /// <summary>s₃: adds weight · age / interval.</summary>
    public static void AddStalenessInPlace(Span<float> scores, ReadOnlySpan<int> ages, float weight, int interval)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] += weight * (ages[i] / (float)interval);
        }
    }

    /// <summary>Raises each row by the weights of a region, of at least 1; none: as they are.</summary>
    public static void WeighInPlace(Span<float> scores, ReadOnlySpan<float> weights)
    {
        for (var i = 0; i < scores.Length && !weights.IsEmpty; i++)
        {
            var weight = weights[i % weights.Length];
            scores[i] = scores[i] >= 0 ? scores[i] * weight : scores[i] / weight;
        }
    }

    /// <summary>s₄: raises the largest score of each window, the first of several, by a share of itself.</summary>
    /// <param name="scores">Of one picture or several, tokens in raster order.</param>
    /// <param name="grid">Rows and columns of the picture, in tokens.</param>
    /// <param name="window">Side of a window, in tokens.</param>
    /// <param name="bonus">The share.</param>
    public static void RaiseLeadersInPlace(Span<float> scores, Shape grid, int window, float bonus)
    {
        int height = grid[0], width = grid[1];
        for (var picture = 0; picture < scores.Length; picture += height * width)
        {
            for (var top = 0; top < height; top += window)
            {
                for (var left = 0; left < width; left += window)
                {
                    var leader = Leader(scores, picture, width, (top, Math.Min(top + window, height)), (left, Math.Min(left + window, width)));
                    scores[leader] += scores[leader] * bonus;
                }
            }
        }
    }

    private static int Leader(ReadOnlySpan<float> scores, int picture, int width, (int From, int To) rows, (int From, int To) columns)
    {
        var leader = picture + (rows.From * width) + columns.From;
        for (var y = rows.From; y < rows.To; y++)
        {
            for (var x = columns.From; x < columns.To; x++)
            {
                var at = picture + (y * width) + x;
                leader = scores[at] > scores[leader] ? at : leader;
            }
        }

        return leader;
    }
}
