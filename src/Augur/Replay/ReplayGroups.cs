using Augur.Caching;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>Groups the samples of a replayed run as the policy decides: all together, or each by itself.</summary>
internal static class ReplayGroups
{
    /// <summary>Opens the groups; the caller disposes them.</summary>
    public static DecisionGroup[] Open(ICachePolicy policy, Trajectory[] runs, IBackend backend)
    {
        var groups = policy.DecidesForBatch ? [runs] : runs.Select(run => (Trajectory[])[run]);
        return [.. groups.Select(members => DecisionGroup.Open(policy, members, 0, null, backend))];
    }
}
