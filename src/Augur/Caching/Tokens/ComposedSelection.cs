using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Picks the tokens of drafted calls by a score, a reduction and a recovery; for one sample.</summary>
/// <param name="scoring">What makes a token matter.</param>
/// <param name="reducing">Which of them are computed.</param>
/// <param name="recovery">What the others get.</param>
/// <param name="refreshes">The branches of which some tokens are computed.</param>
/// <param name="count">How many of a branch's tokens in a call; 0: none.</param>
internal sealed class ComposedSelection(
    ITokenScoring scoring, ITokenReducing reducing, ITokenRecovery recovery, Func<Site, bool> refreshes, Func<TokenView, int> count)
    : ITokenSelection
{
    private readonly Dictionary<Site, TokenPlan> _plans = []; // of the call
    private NetworkCall _call;

    public long ByteCount => scoring.ByteCount + reducing.ByteCount;

    public bool MeetsComputed { get; init; }

    /// <summary>Which tokens are computed.</summary>
    internal ITokenReducing Reducing => reducing;

    public void Begin(NetworkCall call, bool isDraft)
    {
        _call = call;
        _plans.Clear();
        reducing.Begin(call);
    }

    public bool Observes(Site site) => scoring.Observes(site) || reducing.Observes(site);

    public void Observe(Site site, Tensor feature)
    {
        if (scoring.Observes(site))
        {
            scoring.Observe(site, feature);
        }

        if (reducing.Observes(site))
        {
            reducing.Observe(site, feature);
        }
    }

    public bool Refreshes(Site site) => refreshes(site);

    public Signal? Hears(Site site) => scoring.Hears(site);

    public void Hear(Site site, Tensor signal) => scoring.Hear(site, signal);

    public void Hear(Site site, IndexTable tokens, Tensor signal) => scoring.Hear(site, tokens, signal);

    public IndexTable? Select(Site site, Tensor input, Tensor kept)
    {
        var view = new TokenView(_call, site, input, kept);
        var stay = count(view);
        var plan = stay == 0 ? null : reducing.Reduce(view, scoring.Of(view), stay);
        scoring.Chose(view, plan?.Kept);
        if (plan is not null)
        {
            _plans[site] = plan;
        }

        return plan?.Kept;
    }

    public void Merge(Site site, Tensor kept, IndexTable tokens, Tensor fresh) => recovery.Recover(site, _plans[site], fresh, kept);

    public void Dispose()
    {
        _plans.Clear();
        scoring.Dispose();
        reducing.Dispose();
    }
}
