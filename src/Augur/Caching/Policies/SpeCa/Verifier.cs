using Augur.Caching.Tokens;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Measures how far a drafted block output is from the computed one, over all tokens or a drawn part of them.</summary>
/// <param name="metric">The measure.</param>
/// <param name="share">Share of the tokens, in (0, 1].</param>
/// <param name="seed">Of the draws.</param>
internal sealed class Verifier(ErrorMeasure metric, double share, long seed)
{
    /// <summary>
    /// The error of what was answered against what was computed, to be read when the call ends: one number, or one per row whose mean is the error.
    /// NaN or infinity where something in it was not finite.
    /// </summary>
    public Deferred<double[]> Error(Verification verification)
    {
        var (answered, computed, reads) = verification;
        if (metric == ErrorMeasure.Cosine)
        {
            return reads.Errors(answered, computed, metric); // released: the mean over rows of each row's own cosine
        }

        var together = new Shape(1, checked((int)answered.Shape.ElementCount)); // guidance rows are one unit
        return reads.Errors(answered.Reshape(together), computed.Reshape(together), metric);
    }

    /// <summary>The tokens to verify at a call, ascending and distinct; null: all. The same seed and call draw the same.</summary>
    public int[]? Tokens(int tokenCount, int callIndex)
    {
        var count = Math.Max(1, (int)Math.Round(share * tokenCount));
        if (count >= tokenCount)
        {
            return null;
        }

        // Floyd's draw of distinct numbers.
        var state = unchecked((ulong)seed + ((ulong)callIndex << 32));
        var drawn = new SortedSet<int>();
        for (var last = tokenCount - count; last < tokenCount; last++)
        {
            var candidate = (int)(SeededDraws.Next(ref state) % (ulong)(last + 1));
            drawn.Add(drawn.Contains(candidate) ? last : candidate);
        }

        return [.. drawn];
    }
}
