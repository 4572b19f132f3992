using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Keeps of each call what the table reuses in the next, and nothing longer.</summary>
internal sealed class L2CMemory : ISampleMemory
{
    private readonly Dictionary<Site, KeptTensor> _kept = [];
    private readonly ReuseTable _table;
    private readonly int _room;
    private HashSet<Site> _reused = [];
    private HashSet<Site> _next = [];

    public L2CMemory(ReuseTable table, RunInfo run)
    {
        _table = table;
        var most = Enumerable.Range(0, table.CallCount).Max(call => table.ReusedAt(call).Count());
        _room = most;
        var bytes = run.RowCount * run.Map[ReuseTable.SiteOf(0)].Feature.ElementCount * sizeof(float); // of one branch
        if (run.MemoryBudget is { } budget && most * bytes > budget)
        {
            _room = (int)(budget / bytes);
            Note = $"a budget of {budget} bytes left room for {_room} of {most} reused branches; the others are computed";
        }
    }

    public long ByteCount => _kept.Values.Sum(t => t.ByteCount);

    public string? Note { get; }

    public CallPlan Begin(NetworkCall call)
    {
        _reused = call.MustCompute ? [] : Reused(call.CallIndex);
        _next = Reused(call.CallIndex + 1);
        return _reused.Count > 0 ? CallPlan.Draft : CallPlan.Compute;
    }

    public Answer Ask(Question question) => _reused.Contains(question.Site) ? Answer.Supply(_kept[question.Site].AsForecast())
        : _next.Contains(question.Site) ? Answer.Compute.Observed((_, feature) => Keep(question.Site, feature))
        : Answer.Compute;

    public CallOutcome End()
    {
        foreach (var (site, tensor) in _kept.Where(k => !_next.Contains(k.Key)).ToArray())
        {
            tensor.Dispose();
            _kept.Remove(site);
        }

        return new CallOutcome(_reused.Count > 0 ? CallKind.Partial : CallKind.Computed);
    }

    public void Dispose()
    {
        foreach (var tensor in _kept.Values)
        {
            tensor.Dispose();
        }

        _kept.Clear();
    }

    private void Keep(Site site, Tensor feature)
    {
        if (!_kept.TryGetValue(site, out var kept))
        {
            _kept[site] = kept = new KeptTensor();
        }

        kept.Keep(feature);
    }

    private HashSet<Site> Reused(int call) => [.. _table.ReusedAt(call).Take(_room)];
}
