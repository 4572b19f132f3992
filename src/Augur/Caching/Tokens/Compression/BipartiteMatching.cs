namespace Augur.Caching.Tokens.Compression;

/// <summary>How the values of merged tokens become one.</summary>
public enum MergeMode
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean, the destination included.</summary>
    Mean,

    /// <summary>The largest, channel by channel.</summary>
    Max,
}

/// <summary>
/// ToMe's bipartite matching (arXiv 2210.09461, section 3; released code): sources are merged into the destination that they resemble most.
/// </summary>
/// <param name="TokenCount">Tokens that it is for.</param>
/// <param name="Alone">Sources that are not merged, in the order in which they come out.</param>
/// <param name="Destinations">Come out behind them, in this order.</param>
/// <param name="Merged">Sources that are merged, the most similar first where that was compared.</param>
/// <param name="Into">For each of them the place of its destination among these.</param>
public sealed record BipartiteMatching(int TokenCount, int[] Alone, int[] Destinations, int[] Merged, int[] Into)
{
    // The second token of the whole, first of the destinations, then comes out second.
    private bool HasDistillation { get; init; }

    /// <summary>Every other token is a destination, beginning with the second.</summary>
    /// <param name="metric">What is compared by its cosine.</param>
    /// <param name="count">Tokens to merge; at most half of those that are not protected.</param>
    /// <param name="hasClassToken">Whether the first token is never merged; then the order of the others is kept.</param>
    /// <param name="hasDistillation">Whether nothing is merged into the second.</param>
    public static BipartiteMatching Soft(TokenRows metric, int count, bool hasClassToken = false, bool hasDistillation = false)
    {
        var spared = (hasClassToken ? 1 : 0) + (hasDistillation ? 1 : 0);
        count = Math.Clamp(count, 0, (metric.NotNull().Count - spared) / 2);
        int[] sources = [.. Enumerable.Range(0, metric.Count).Where(i => i % 2 == 0)];
        int[] others = [.. Enumerable.Range(0, metric.Count).Where(i => i % 2 == 1)];
        var (nearest, likeness) = Compare(metric, sources, others, hasDistillation ? 0 : -1);
        likeness[0] = hasClassToken ? double.NegativeInfinity : likeness[0];
        var order = TokenRows.Largest(likeness, sources.Length);
        var alone = order[count..];
        return new(
            metric.Count,
            [.. (hasClassToken ? alone.Order() : alone.AsEnumerable()).Select(i => sources[i])],
            others,
            [.. order[..count].Select(i => sources[i])],
            [.. order[..count].Select(i => nearest[i])])
        {
            HasDistillation = hasDistillation,
        };
    }

    /// <summary>Every k-th token is a destination, and all others are merged; what is left of the last k is dropped.</summary>
    public static BipartiteMatching EveryKth(TokenRows metric, int k)
    {
        var whole = metric.NotNull().Count / k * k;
        return All(metric, [.. Enumerable.Range(0, whole).Where(i => i % k != k - 1)], [.. Enumerable.Range(0, whole).Where(i => i % k == k - 1)]);
    }

    /// <summary>Sources are those of the smallest draws.</summary>
    /// <param name="metric">What is compared.</param>
    /// <param name="draws">One per token.</param>
    /// <param name="count">Tokens to merge.</param>
    public static BipartiteMatching Random(TokenRows metric, ReadOnlySpan<float> draws, int count)
    {
        var keys = draws.ToArray();
        int[] order = [.. Enumerable.Range(0, metric.NotNull().Count).OrderBy(i => keys[i])];
        return All(metric, order[..count], order[count..]);
    }

    /// <summary>How many tokens each layer merges: the same, or more and fewer in equal steps (arXiv 2210.09461, section 3).</summary>
    /// <param name="layers">Layers.</param>
    /// <param name="count">Tokens of a layer, on average.</param>
    /// <param name="inflection">0 the same everywhere, 1 from none to twice as many, −1 the other way.</param>
    public static int[] Schedule(int layers, int count, double inflection = 0)
    {
        var least = (int)(count * (1 - inflection));
        var step = layers > 1 ? ((2 * count) - least - least) / (double)(layers - 1) : 0;
        return [.. Enumerable.Range(0, layers).Select(layer => (int)(least + (step * layer)))];
    }

    /// <summary>The tokens after merging.</summary>
    public TokenRows Merge(TokenRows x, MergeMode mode)
    {
        var joined = x.NotNull().Take(Destinations);
        var counts = new int[Destinations.Length];
        foreach (var (source, at) in Merged.Zip(Into))
        {
            counts[at]++;
            var from = x[source];
            var to = joined[at];
            for (var c = 0; c < x.Channels; c++)
            {
                to[c] = mode == MergeMode.Max ? Math.Max(to[c], from[c]) : to[c] + from[c];
            }
        }

        for (var at = 0; mode == MergeMode.Mean && at < counts.Length; at++)
        {
            foreach (ref var value in joined[at])
            {
                value /= counts[at] + 1;
            }
        }

        var merged = x.Take(Alone).Then(joined);
        return !HasDistillation ? merged
            : merged.Take(
                [0, Alone.Length, .. Enumerable.Range(1, Alone.Length - 1), .. Enumerable.Range(Alone.Length + 1, Destinations.Length - 1)]);
    }

    /// <summary>The mean of merged tokens by the numbers of tokens that each stands for, and the new numbers.</summary>
    /// <param name="x">Tokens.</param>
    /// <param name="sizes">[tokens, 1].</param>
    public (TokenRows Tokens, TokenRows Sizes) MergeBySize(TokenRows x, TokenRows sizes)
    {
        var weighted = new TokenRows([.. x.NotNull().Values.Select((value, i) => value * sizes.Values[i / x.Channels])], x.Channels);
        var (sum, size) = (Merge(weighted, MergeMode.Sum), Merge(sizes, MergeMode.Sum));
        return (new([.. sum.Values.Select((value, i) => value / size.Values[i / x.Channels])], x.Channels), size);
    }

    /// <summary>
    /// Gives every token what came out for it. As released, the order that a distillation token brings is not turned back.
    /// </summary>
    public TokenRows Unmerge(TokenRows merged)
    {
        ArgumentNullException.ThrowIfNull(merged);
        var x = new TokenRows(new float[Math.Min(TokenCount, Alone.Length + Destinations.Length + Merged.Length) * merged.Channels], merged.Channels);
        for (var i = 0; i < Alone.Length; i++)
        {
            merged[i].CopyTo(x[Alone[i]]);
        }

        for (var i = 0; i < Destinations.Length; i++)
        {
            merged[Alone.Length + i].CopyTo(x[Destinations[i]]);
        }

        foreach (var (source, at) in Merged.Zip(Into))
        {
            merged[Alone.Length + at].CopyTo(x[source]);
        }

        return x;
    }

    private static BipartiteMatching All(TokenRows metric, int[] sources, int[] destinations) =>
        new(metric.Count, [], destinations, sources, Compare(metric, sources, destinations, -1).Nearest);

    private static (int[] Nearest, double[] Likeness) Compare(TokenRows metric, int[] sources, int[] destinations, int except)
    {
        var unit = metric.Unit();
        var (others, likeness) = (unit.Take(destinations), new double[sources.Length]);
        return ([.. sources.Select((source, i) => others.Nearest(unit[source], out likeness[i], except))], likeness);
    }
}
