namespace Augur.Caching.Tokens;

/// <summary>A uniform draw for each token, the same for all rows of a sample: the control that every other score has to beat.</summary>
internal sealed record RandomScore : ITokenScore
{
    public string Name => "random";

    public bool IsOfInput => true;

    public ITokenScoring Open(RunInfo run) => new RandomScoring(new SeededDraws(run.NotNull().Seed));
}

/// <summary>Draws from where it is told to.</summary>
internal sealed class RandomScoring(IUniformDraws draws) : ITokenScoring
{
    public float[] Of(TokenView view) =>
        [.. Enumerable.Repeat(draws.Draw(view.Call.CallIndex, view.Site, view.Tokens), view.Rows).SelectMany(d => d)];

    public void Dispose()
    {
    }
}
