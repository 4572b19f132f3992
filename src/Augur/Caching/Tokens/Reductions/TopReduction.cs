using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Those with the largest scores stay (ToCa).</summary>
internal sealed record TopReduction : ITokenReduction, ITokenReducing
{
    public static TopReduction Instance { get; } = new(); // remembers nothing

    public string Name => "top";

    public bool IsOfInput => true;

    public bool IsMerging => false;

    public ITokenReducing Open(RunInfo run, double share) => this;

    public TokenPlan Reduce(TokenView view, float[] scores, int count)
    {
        var judged = Array.TrueForAll(scores, float.IsFinite) ? count : view.Tokens; // what cannot be judged is computed
        var kept = IndexTable.Largest(view.Input.Backend, scores, view.Rows, judged);
        return new(kept, () => TokenLikeness.SourcesOf(view.Input, kept));
    }

    public void Dispose()
    {
    }
}
