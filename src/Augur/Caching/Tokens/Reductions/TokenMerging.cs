using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>
/// Merging of similar tokens (ToMe, arXiv 2210.09461; for Stable Diffusion arXiv 2303.17604): tokens are sources or destinations, and the sources
/// that resemble a destination most are put together with it; the group is its mean.
/// </summary>
/// <param name="groups">Sources that are not merged have a group of their own, then come the destinations' groups.</param>
/// <param name="merged">Sources that are merged, the most similar first, per row.</param>
/// <param name="into">The destination of each, per row.</param>
internal sealed class TokenMerging(TokenGroups groups, int[][] merged, int[][] into) : TokenPlan(groups)
{
    /// <summary>Sources that are merged, the most similar first, per row.</summary>
    public int[][] Merged => merged;

    /// <summary>The destination of each, per row.</summary>
    public int[][] Into => into;

    /// <summary>Merges so many sources of each row.</summary>
    /// <param name="x">What is compared (cosine), [rows, tokens, channels].</param>
    /// <param name="destinations">As many for each row.</param>
    /// <param name="count">Sources to merge; all where there are fewer.</param>
    public static TokenMerging Of(Tensor x, int[][] destinations, int count)
    {
        int rows = x.Shape[0], tokens = x.Shape[1];
        count = Math.Clamp(count, 0, tokens - destinations[0].Length);
        using var scope = TensorScope.Begin();
        var unit = TokenLikeness.Unit(x, roundsNorms: false);
        var (merged, into, labels) = (new int[rows][], new int[rows][], new List<int>());
        for (var row = 0; row < rows; row++)
        {
            var own = unit.Rows(row, 1).Reshape([tokens, x.Shape[2]]);
            int[] sources = [.. Enumerable.Range(0, tokens).Except(destinations[row])];
            var (nearest, likeness) = NearestOf(own, sources, destinations[row]);
            int[] order = [.. Enumerable.Range(0, sources.Length).OrderByDescending(i => likeness[i]).Take(count)];
            merged[row] = Array.ConvertAll(order, i => sources[i]);
            into[row] = Array.ConvertAll(order, i => destinations[row][nearest[i]]);
            labels.AddRange(LabelsOf(tokens, [.. sources.Except(merged[row])], destinations[row], merged[row], [.. order.Select(i => nearest[i])]));
        }

        return new(new(IndexTable.From(x.Backend, [.. labels], [rows, tokens]).Escape(), tokens - count), merged, into);
    }

    private static (int[] Nearest, float[] Likeness) NearestOf(Tensor unit, int[] sources, int[] destinations)
    {
        using var weight = unit.Backend.Pack(unit.GatherRows(IndexTable.From(unit.Backend, destinations)), null);
        var similar = unit.GatherRows(IndexTable.From(unit.Backend, sources)).Linear(weight); // [sources, destinations]
        var (nearest, values) = (similar.TopK(1).ToInt32Array(), similar.ToArray());
        return (nearest, [.. nearest.Select((at, i) => values[(i * destinations.Length) + at])]);
    }

    private static int[] LabelsOf(int tokens, int[] alone, int[] destinations, int[] merged, int[] into)
    {
        var labels = new int[tokens];
        foreach (var (token, group) in alone.Concat(destinations).Select((token, group) => (token, group)))
        {
            labels[token] = group;
        }

        foreach (var (token, destination) in merged.Zip(into))
        {
            labels[token] = alone.Length + destination;
        }

        return labels;
    }
}
