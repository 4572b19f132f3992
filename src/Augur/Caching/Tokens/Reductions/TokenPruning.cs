using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Which tokens stay, and which of them each pruned token takes its output from.</summary>
/// <param name="retained">Ascending, [rows, k].</param>
/// <param name="sources">For each token its place among the retained, its own or that of the one most like it: [rows, tokens].</param>
/// <param name="bases">One per window, per row.</param>
/// <param name="pruned">Ascending, per row.</param>
/// <param name="recoverTo">For each pruned token the retained one, per row.</param>
internal sealed class TokenPruning(IndexTable retained, IndexTable sources, int[][] bases, int[][] pruned, int[][] recoverTo)
    : TokenPlan(retained, () => sources)
{
    /// <summary>Ascending, [rows, k].</summary>
    public IndexTable Retained => Kept!;

    /// <summary>One per window, per row.</summary>
    public int[][] Bases => bases;

    /// <summary>Ascending, per row.</summary>
    public int[][] Pruned => pruned;

    /// <summary>For each pruned token the retained one, per row.</summary>
    public int[][] RecoverTo => recoverTo;

    /// <summary>
    /// Prunes those tokens that some base token resembles most (cosine), at most as many as are no base; each is recovered from the retained token
    /// that it resembles most (DaTo, arXiv 2501.00375, section 3; released code).
    /// </summary>
    /// <param name="x">[rows, tokens, channels].</param>
    /// <param name="bases">Per row.</param>
    /// <param name="count">Tokens to prune.</param>
    /// <param name="roundsNorms">Whether norms are rounded to half precision.</param>
    public static TokenPruning Of(Tensor x, int[][] bases, int count, bool roundsNorms)
    {
        int rows = x.Shape[0], tokens = x.Shape[1];
        count = Math.Clamp(count, 0, tokens - bases.Max(b => b.Length));
        using var scope = TensorScope.Begin();
        var unit = TokenLikeness.Unit(x, roundsNorms);
        var (pruned, recoverTo, retained, sources) = (new int[rows][], new int[rows][], new List<int>(), new List<int>());
        for (var row = 0; row < rows; row++)
        {
            var own = unit.Rows(row, 1).Reshape([tokens, x.Shape[2]]);
            pruned[row] = MostLike(own, bases[row], count);
            int[] kept = [.. Enumerable.Range(0, tokens).Except(pruned[row])];
            int[] places = TokenLikeness.Nearest(own, pruned[row], kept);
            recoverTo[row] = Array.ConvertAll(places, place => kept[place]);
            retained.AddRange(kept);
            var source = new int[tokens];
            foreach (var (token, place) in kept.Select((token, place) => (token, place)).Concat(pruned[row].Zip(places)))
            {
                source[token] = place;
            }

            sources.AddRange(source);
        }

        return new TokenPruning(
            IndexTable.From(x.Backend, [.. retained], [rows, tokens - count]).Escape(),
            IndexTable.From(x.Backend, [.. sources], [rows, tokens]).Escape(),
            bases,
            pruned,
            recoverTo);
    }

    // The tokens that are no base and resemble one most, ascending.
    private static int[] MostLike(Tensor unit, int[] bases, int count)
    {
        if (count == 0)
        {
            return [];
        }

        var tokens = unit.Shape[0];
        using var weight = unit.Backend.Pack(unit.GatherRows(IndexTable.From(unit.Backend, bases)), null);
        var similar = unit.Linear(weight).ToArray(); // [tokens, bases]
        var likeness = new float[tokens];
        for (var token = 0; token < tokens; token++)
        {
            likeness[token] = Largest(similar.AsSpan(token * bases.Length, bases.Length));
        }

        HashSet<int> isBase = [.. bases];
        return [.. Enumerable.Range(0, tokens).Where(token => !isBase.Contains(token))
            .OrderByDescending(token => likeness[token]).Take(count).Order()];
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = float.NegativeInfinity;
        foreach (var value in values)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }
}
