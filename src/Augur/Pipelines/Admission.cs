using Augur.Caching;

namespace Augur.Pipelines;

/// <summary>Decides who may join, by rows and by memory. What a sample's features take is learnt from those in flight.</summary>
internal sealed class Admission(EngineOptions options)
{
    private const int StreamsPerRow = 16; // a block's stream, norm, query, key, value, attention, projection, hidden layer (4), features, with room to spare
    private long _largestCache;

    /// <summary>Whether a group may begin beside those in flight. A lone one always may.</summary>
    public bool Allows(RequestGroup next, IReadOnlyList<RequestGroup> active)
    {
        if (active.Count == 0)
        {
            return true;
        }

        var rows = next.RowCount;
        _largestCache = Math.Max(_largestCache, active.Max(f => f.Decisions.PeakCacheBytes / f.Decisions.RowCount));
        if (active.Sum(f => f.Decisions.RowCount) + rows > options.MaxRows)
        {
            return false;
        }

        // Beside a sample that has not made a computed call yet, nobody knows what features take.
        return options.MemoryBudget is not { } budget
            || (active.All(f => f.Decisions.Trajectories[0].Outcomes.Count > 0)
                && active.Sum(f => WorkingBytes(f.Map, f.Decisions.RowCount) + f.Decisions.PeakCacheBytes) + WorkingBytes(next.Map, rows) + (rows * _largestCache) <= budget);
    }

    /// <summary>What a group's features may take: its own limit, and what the engine's budget leaves to a lone sample.</summary>
    public long? CacheBudgetOf(RequestGroup group)
    {
        var own = group.Tickets.Min(t => t.Request.CacheBudget) is { } each
            ? (long?)Int128.Min((Int128)each * group.Tickets.Count, long.MaxValue) // one cache keeps the features of all
            : null;
        return options.MemoryBudget is { } budget
            ? Math.Min(own ?? long.MaxValue, Math.Max(0, budget - WorkingBytes(group.Map, group.RowCount)))
            : own;
    }

    private static long WorkingBytes(NetworkMap map, int rows) => rows * StreamsPerRow * map.Sites.Max(s => s.Feature.ElementCount) * sizeof(float);
}
