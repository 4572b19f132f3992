using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>
/// Tokens that lie far from each other stay (DivPrune, arXiv 2503.02175, whose distances are not weighted): first the largest score, then again and
/// again the one whose distance to the nearest that stays, times a weight that rises with its score, is largest.
/// </summary>
internal sealed record SpreadReduction : ITokenReduction, ITokenReducing
{
    public string Name => "spread";

    public bool IsOfInput => true;

    public bool IsMerging => false;

    public ITokenReducing Open(RunInfo run, double share) => this;

    public TokenPlan Reduce(TokenView view, float[] scores, int count)
    {
        using var scope = TensorScope.Begin();
        var (unit, weights, kept) = (TokenLikeness.Unit(view.Input, roundsNorms: false), TokenWeights.Of(scores, view.Tokens), new List<int>());
        for (var row = 0; row < view.Rows; row++)
        {
            var own = unit.Rows(row, 1).Reshape([view.Tokens, view.Input.Shape[2]]);
            using var packed = own.Backend.Pack(own, null);
            kept.AddRange(Pick(own.Linear(packed).ToArray(), weights.AsSpan(row * view.Tokens, view.Tokens), Math.Min(count, view.Tokens)));
        }

        var (input, table) = (view.Input, IndexTable.From(view.Input.Backend, [.. kept], [view.Rows, kept.Count / view.Rows]).Escape());
        return new(table, () => TokenLikeness.SourcesOf(input, table));
    }

    public void Dispose()
    {
    }

    // Similarities [tokens, tokens].
    private static int[] Pick(float[] similar, ReadOnlySpan<float> weights, int count)
    {
        var (picked, nearest) = (new int[count], new float[weights.Length]);
        weights.CopyTo(nearest); // the first is that of the largest score
        for (var i = 0; i < count; i++)
        {
            var at = 0;
            for (var token = 1; token < nearest.Length; token++)
            {
                at = nearest[token] > nearest[at] ? token : at;
            }

            picked[i] = at;
            for (var token = 0; token < nearest.Length; token++)
            {
                var distance = (1 - similar[(at * nearest.Length) + token]) * weights[token];
                nearest[token] = i == 0 ? distance : Math.Min(nearest[token], distance);
            }

            foreach (var done in picked.AsSpan(0, i + 1))
            {
                nearest[done] = float.NegativeInfinity;
            }
        }

        Array.Sort(picked);
        return picked;
    }
}
