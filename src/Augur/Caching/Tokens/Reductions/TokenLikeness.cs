using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>How much tokens resemble each other: the cosine of what a branch reads.</summary>
internal static class TokenLikeness
{
    /// <summary>Every token over its norm.</summary>
    public static Tensor Unit(Tensor x, bool roundsNorms)
    {
        var (values, norms, channels) = (x.ToArray(), x.TokenNorms().ToArray(), x.Shape[2]);
        for (var token = 0; token < norms.Length; token++)
        {
            var norm = roundsNorms ? (float)(Half)norms[token] : norms[token];
            foreach (ref var value in values.AsSpan(token * channels, channels))
            {
                value /= norm;
            }
        }

        return Tensor.From(x.Backend, values, x.Shape);
    }

    /// <summary>For each of some tokens the place among others of the one that it resembles most.</summary>
    /// <param name="unit">All tokens of a row, [tokens, channels], of norm 1.</param>
    /// <param name="tokens">Which.</param>
    /// <param name="others">Among which.</param>
    public static int[] Nearest(Tensor unit, int[] tokens, int[] others)
    {
        if (tokens.Length == 0)
        {
            return [];
        }

        using var weight = unit.Backend.Pack(unit.GatherRows(IndexTable.From(unit.Backend, others)), null);
        return unit.GatherRows(IndexTable.From(unit.Backend, tokens)).Linear(weight).TopK(1).ToInt32Array();
    }

    /// <summary>For each token its place among those that stay: its own, or that of the one that it resembles most, [rows, tokens].</summary>
    /// <param name="x">[rows, tokens, channels].</param>
    /// <param name="kept">[rows, k].</param>
    public static IndexTable SourcesOf(Tensor x, IndexTable kept)
    {
        int rows = x.Shape[0], tokens = x.Shape[1], count = kept.Shape[1];
        using var scope = TensorScope.Begin();
        var unit = Unit(x, roundsNorms: false);
        var (stay, sources) = (kept.Indices.ToArray(), new int[rows * tokens]);
        for (var row = 0; row < rows; row++)
        {
            int[] own = stay[(row * count)..((row + 1) * count)];
            int[] others = [.. Enumerable.Range(0, tokens).Except(own)];
            var places = Nearest(unit.Rows(row, 1).Reshape([tokens, x.Shape[2]]), others, own);
            foreach (var (token, place) in own.Select((token, place) => (token, place)).Concat(others.Zip(places)))
            {
                sources[(row * tokens) + token] = place;
            }
        }

        return IndexTable.From(x.Backend, sources, [rows, tokens]).Escape();
    }
}
