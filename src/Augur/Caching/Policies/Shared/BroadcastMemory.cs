using Augur.Caching.Forecasting;

namespace Augur.Caching.Policies;

/// <summary>PAB for one sample; docs/methods/pab.md.</summary>
/// <param name="options">Ranges and window.</param>
/// <param name="remember">Makes the memory of a branch.</param>
/// <param name="note">What a budget cost.</param>
internal sealed class BroadcastMemory(PabOptions options, Func<IFeatureMemory> remember, string? note) : ISampleMemory
{
    private readonly Dictionary<Site, IFeatureMemory> _branches = [];
    private NetworkCall _call;
    private bool _reusesAttention;
    private bool _reusesMlp;

    public long ByteCount => _branches.Values.Sum(b => b.ByteCount);

    public string? Note => note;

    public CallPlan Begin(NetworkCall call)
    {
        // Calls are counted from the run's beginning, not from the window's, as released: the first call inside may repeat the last one outside.
        _call = call;
        var mayReuse = !call.MustCompute && call.CallIndex > 0 && call.Timestep > options.From && call.Timestep < options.To;
        _reusesAttention = mayReuse && call.CallIndex % options.Range != 0;
        _reusesMlp = mayReuse && call.CallIndex % options.MlpRange != 0;
        return _reusesAttention || _reusesMlp ? CallPlan.Draft : CallPlan.Compute;
    }

    public Answer Ask(Question question) => Reuses(question.Site) switch
    {
        null => Answer.Compute,
        true => Answer.Supply(_branches[question.Site].Forecast(_call.CallIndex)),
        false => Answer.Compute.Observed((_, feature) => MemoryOf(question.Site).Observe(feature, _call.CallIndex, forgets: false)),
    };

    public CallOutcome End() => new(_reusesAttention || _reusesMlp ? CallKind.Partial : CallKind.Computed);

    public void Dispose()
    {
        foreach (var branch in _branches.Values)
        {
            branch.Dispose();
        }
    }

    private IFeatureMemory MemoryOf(Site site)
    {
        if (!_branches.TryGetValue(site, out var memory))
        {
            _branches[site] = memory = remember();
        }

        return memory;
    }

    // Whether a branch is reused at this call; null: it never is.
    private bool? Reuses(Site site) => site.Kind switch
    {
        SiteKind.Attention or SiteKind.SecondAttention when options.Range > 1 => _reusesAttention,
        SiteKind.Mlp when options.MlpRange > 1 && site.Layer < options.MlpBlocks => _reusesMlp,
        _ => null,
    };
}
