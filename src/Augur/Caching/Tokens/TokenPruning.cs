using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Where a pruning happens.</summary>
/// <param name="CallIndex">Network call of the sample.</param>
/// <param name="Site">The attention.</param>
/// <param name="Index">Prunings of the sample before it.</param>
internal readonly record struct PruningDraw(int CallIndex, Site Site, int Index);

/// <summary>What pruning draws, and who is told of it.</summary>
internal interface IPruningDraws
{
    /// <summary>Unit noise for each token, [rows, tokens].</summary>
    float[] Noise(PruningDraw draw, int rows, int tokens);

    /// <summary>Whether the sign of the dynamics is turned.</summary>
    bool IsNegative(PruningDraw draw);

    /// <summary>A place in each window, from 0.</summary>
    int[] Places(PruningDraw draw, int windows, int size);

    /// <summary>What was pruned.</summary>
    void Told(PruningDraw draw, TokenPruning pruning)
    {
    }
}

/// <summary>Draws from a seed.</summary>
internal sealed class SeededPruning(long seed) : IPruningDraws
{
    private readonly SeededDraws _draws = new(seed);

    public float[] Noise(PruningDraw draw, int rows, int tokens)
    {
        // Box and Muller, 1958; 1 − u lies above 0.
        var uniform = _draws.Draw(draw.CallIndex, draw.Site, 2 * rows * tokens);
        return [.. Enumerable.Range(0, rows * tokens).Select(i =>
            (float)(Math.Sqrt(-2 * Math.Log(1 - uniform[2 * i])) * Math.Cos(2 * Math.PI * uniform[(2 * i) + 1])))];
    }

    public bool IsNegative(PruningDraw draw) => _draws.Draw(draw.CallIndex, Site.Block(draw.Site.Layer), 1)[0] < 0.5f;

    public int[] Places(PruningDraw draw, int windows, int size) =>
        [.. _draws.Draw(draw.CallIndex, draw.Site, windows).Select(u => (int)(u * size))];
}

/// <summary>A grid of tokens, divided into windows; where it does not divide, the tokens at its end belong to none.</summary>
/// <param name="height">Rows of tokens.</param>
/// <param name="width">Columns of tokens.</param>
/// <param name="windowRows">Rows of a window.</param>
/// <param name="windowColumns">Columns of a window.</param>
internal sealed class TokenWindows(int height, int width, int windowRows, int windowColumns)
{
    private readonly int _across = width / windowColumns;

    /// <summary>Windows, in raster order.</summary>
    public int Count => height / windowRows * _across;

    /// <summary>Tokens of a window.</summary>
    public int Size => windowRows * windowColumns;

    /// <summary>The tokens at the given places of the windows.</summary>
    public int[] At(int[] places) => [.. places.Select((place, window) => Token(window, place))];

    /// <summary>In each window the token of the largest score, the first on ties.</summary>
    public int[] Largest(ReadOnlySpan<float> scores)
    {
        var tokens = new int[Count];
        for (var window = 0; window < tokens.Length; window++)
        {
            var best = Token(window, 0);
            for (var place = 1; place < Size; place++)
            {
                var token = Token(window, place);
                best = scores[token] > scores[best] ? token : best;
            }

            tokens[window] = best;
        }

        return tokens;
    }

    private int Token(int window, int place) =>
        (((window / _across * windowRows) + (place / windowColumns)) * width) + (window % _across * windowColumns) + (place % windowColumns);
}

/// <summary>Which tokens stay in an attention, and which of them each pruned token takes its output from.</summary>
/// <param name="Retained">Ascending, [rows, k].</param>
/// <param name="Sources">For each token its place among the retained, its own or that of the one most like it: [rows, tokens].</param>
/// <param name="Bases">One per window, per row.</param>
/// <param name="Pruned">Ascending, per row.</param>
/// <param name="RecoverTo">For each pruned token the retained one, per row.</param>
internal sealed record TokenPruning(IndexTable Retained, IndexTable Sources, int[][] Bases, int[][] Pruned, int[][] RecoverTo)
{
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
        var unit = Unit(x, roundsNorms);
        var (pruned, recoverTo, retained, sources) = (new int[rows][], new int[rows][], new List<int>(), new List<int>());
        for (var row = 0; row < rows; row++)
        {
            var own = unit.Rows(row, 1).Reshape([tokens, x.Shape[2]]);
            pruned[row] = MostLike(own, bases[row], count);
            int[] kept = [.. Enumerable.Range(0, tokens).Except(pruned[row])];
            int[] places = Nearest(own, pruned[row], kept);
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

    // For each pruned token the place among the kept of the one that it resembles most.
    private static int[] Nearest(Tensor unit, int[] pruned, int[] kept)
    {
        if (pruned.Length == 0)
        {
            return [];
        }

        using var weight = unit.Backend.Pack(unit.GatherRows(IndexTable.From(unit.Backend, kept)), null);
        return unit.GatherRows(IndexTable.From(unit.Backend, pruned)).Linear(weight).TopK(1).ToInt32Array();
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
