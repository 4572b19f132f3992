namespace Augur.Caching.Tokens;

/// <summary>A score that remembers nothing.</summary>
/// <param name="Name">Its name; it has no settings.</param>
/// <param name="Form">Forms it, [rows · tokens].</param>
/// <param name="IsOfInput">Whether it can be formed where nothing is kept.</param>
internal sealed record PlainScore(string Name, Func<TokenView, float[]> Form, bool IsOfInput = true) : ITokenScore
{
    public ITokenScoring Open(RunInfo run) => new Scoring(Form);

    private sealed class Scoring(Func<TokenView, float[]> form) : ITokenScoring
    {
        public float[] Of(TokenView view) => form(view);

        public void Dispose()
        {
        }
    }
}
