namespace Augur.Caching.Tokens;

/// <summary>
/// Tokens are drawn without replacement, the more likely the larger their score (Efraimidis and Spirakis, 2006): the largest of a row is 11 times
/// as likely as its smallest. The draws are the same for all rows.
/// </summary>
internal sealed record DrawReduction : ITokenReduction
{
    public string Name => "draw";

    public bool IsOfInput => true;

    public bool IsMerging => false;

    public ITokenReducing Open(RunInfo run, double share) => new Reducing(new SeededDraws(~run.NotNull().Seed)); // not what a score draws

    private sealed class Reducing(IUniformDraws draws) : ITokenReducing
    {
        public TokenPlan Reduce(TokenView view, float[] scores, int count)
        {
            var (chances, weights) = (draws.Draw(view.Call.CallIndex, view.Site, view.Tokens), TokenWeights.Of(scores, view.Tokens));
            float[] keys = [.. weights.Select((weight, i) => (float)(Math.Log(1 - chances[i % view.Tokens]) / weight))];
            return TopReduction.Instance.Reduce(view, keys, count);
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>Scores as weights of draws and distances.</summary>
internal static class TokenWeights
{
    private const float Least = 0.1f;

    /// <summary>From 0.1 for the smallest score of a row to 1.1 for its largest; 0.1 for all where they are equal.</summary>
    public static float[] Of(float[] scores, int tokens) => [.. scores.Chunk(tokens).SelectMany(row =>
    {
        var (low, high) = (row.Min(), row.Max());
        return row.Select(score => high > low ? Least + ((score - low) / (high - low)) : Least);
    })];
}
