using Augur.Caching.Tokens;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Runs every self-attention over the whole grid for fewer tokens, in every call; for one sample.</summary>
/// <param name="run">Its run.</param>
/// <param name="scoring">What makes a token matter.</param>
/// <param name="reducing">What stays.</param>
/// <param name="count">Tokens or groups that stay, of so many.</param>
internal sealed class ShrunkMemory(RunInfo run, ITokenScoring scoring, ITokenReducing reducing, Func<int, int> count) : ISampleMemory
{
    private NetworkCall _call;
    private bool _shrinks;

    public long ByteCount => scoring.ByteCount + reducing.ByteCount;

    public CallPlan Begin(NetworkCall call)
    {
        (_call, _shrinks) = (call, !call.MustCompute);
        reducing.Begin(call);
        return _shrinks ? CallPlan.Draft : CallPlan.Compute;
    }

    public Answer Ask(Question question)
    {
        var site = question.Site;
        return site == Site.Output && scoring.Observes(site) ? Answer.Compute.Observed((_, answer) => scoring.Observe(site, answer))
            : _shrinks && ShrunkAttention.IsPossible(run.Map, site) ? ShrunkAttention.AnswerAt(site, input => Choose(site, input))
            : Answer.Compute;
    }

    public CallOutcome End() => new(_shrinks ? CallKind.Partial : CallKind.Computed);

    public void Dispose()
    {
        scoring.Dispose();
        reducing.Dispose();
    }

    private TokenPlan Choose(Site site, Tensor input)
    {
        var view = new TokenView(_call, site, input);
        return reducing.Reduce(view, scoring.Of(view), count(view.Tokens));
    }
}
