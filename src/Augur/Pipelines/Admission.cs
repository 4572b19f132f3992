using Augur.Models;

namespace Augur.Pipelines;

/// <summary>Decides who may join, by rows and by memory. What a sample's features take is learnt from those in flight.</summary>
internal sealed class Admission(IDenoiser model, EngineOptions options)
{
    private const int StreamsPerRow = 16; // a block's stream, norm, query, key, value, attention, projection, hidden layer (4), features, with room to spare
    private long _largestCache;

    /// <summary>Whether a flight may begin beside those in flight. A lone one always may.</summary>
    public bool Allows(Flight next, Launch launch, IReadOnlyList<Flight> active)
    {
        if (active.Count == 0)
        {
            return true;
        }

        var rows = next.RowCount(launch);
        _largestCache = Math.Max(_largestCache, active.Max(f => f.Cohort.PeakCacheBytes / f.Cohort.RowCount));
        if (active.Sum(f => f.Cohort.RowCount) + rows > options.MaxRows)
        {
            return false;
        }

        // Beside a sample that has not made a computed call yet, nobody knows what features take.
        return options.MemoryBudget is not { } budget
            || (active.All(f => f.Cohort.Trajectories[0].Outcomes.Count > 0)
                && active.Sum(f => WorkingBytes(f.Cohort.RowCount) + f.Cohort.PeakCacheBytes) + WorkingBytes(rows) + (rows * _largestCache) <= budget);
    }

    /// <summary>What a flight's features may take: its own limit, and what the engine's budget leaves to a lone sample.</summary>
    public long? CacheBudgetOf(Flight flight, Launch launch)
    {
        var own = flight.Tickets.Min(t => t.Request.CacheBudget) is { } each
            ? (long?)Int128.Min((Int128)each * flight.Tickets.Count, long.MaxValue) // one cache keeps the features of all
            : null;
        return options.MemoryBudget is { } budget
            ? Math.Min(own ?? long.MaxValue, Math.Max(0, budget - WorkingBytes(flight.RowCount(launch))))
            : own;
    }

    private long WorkingBytes(int rows) => rows * StreamsPerRow * model.StreamShape.ElementCount * sizeof(float);
}
