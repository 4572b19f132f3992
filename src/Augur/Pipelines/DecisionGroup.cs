using Augur.Caching;
using Augur.Models;

namespace Augur.Pipelines;

/// <summary>
/// The trajectories that one cache answers for: a single sample, or all samples of a batch whose method decides for the batch. Those stand at
/// the same call, and their rows are neighbours.
/// </summary>
internal sealed class DecisionGroup(ISampleMemory cache, ICachePolicy policy, IReadOnlyList<Trajectory> trajectories) : IDisposable
{
    public ISampleMemory Cache => cache;

    public ICachePolicy Policy => policy;

    public IReadOnlyList<Trajectory> Trajectories => trajectories;

    public int RowCount { get; } = trajectories.Sum(t => t.RowCount);

    /// <summary>Of the network, the same for all.</summary>
    public NetworkMap Map => trajectories[0].Map;

    /// <summary>What the call that has begun is to be.</summary>
    public CallPlan Plan { get; private set; }

    public bool IsFinished => trajectories[0].Run.IsFinished;

    /// <summary>The most bytes that kept features have taken.</summary>
    public long PeakCacheBytes { get; private set; }

    /// <summary>The rejection that the call now begun is the answer to.</summary>
    public CallOutcome? Rejection { get; private set; }

    /// <summary>Opens a policy for samples that begin together.</summary>
    /// <exception cref="ArgumentException">The policy does not fit the run.</exception>
    public static DecisionGroup Open(ICachePolicy policy, IReadOnlyList<Trajectory> trajectories, long seed, long? cacheBudget)
    {
        var run = new RunInfo
        {
            Map = trajectories[0].Map,
            CallCount = trajectories[0].Run.CallCount,
            RowCount = trajectories.Sum(t => t.RowCount),
            RowsPerSample = trajectories[0].RowCount,
            AddsNoise = trajectories[0].AddsNoise,
            Seed = seed,
            MemoryBudget = cacheBudget,
        };
        return new DecisionGroup(policy.Open(run), policy, trajectories);
    }

    /// <summary>The next call begins: which batch does it join?</summary>
    public CallPlan Begin() => Plan = cache.Begin(trajectories[0].Call(mustCompute: Rejection is not null));

    /// <summary>The network has answered. Null: the draft was rejected, and the same call begins again.</summary>
    public CallOutcome? End()
    {
        var outcome = cache.End();
        PeakCacheBytes = Math.Max(PeakCacheBytes, cache.ByteCount);
        if (outcome.Kind == CallKind.Rejected)
        {
            Rejection = outcome;
            return null;
        }

        var final = Rejection ?? outcome; // a rejected call stays on record as one
        Rejection = null;
        return final;
    }

    public void Dispose()
    {
        cache.Dispose();
        foreach (var trajectory in trajectories)
        {
            trajectory.Dispose();
        }
    }
}
