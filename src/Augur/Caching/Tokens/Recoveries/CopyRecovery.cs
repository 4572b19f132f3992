using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>The others get what was computed for the token or group that represents them (DaTo's recovery, ToMe's unmerging).</summary>
internal sealed record CopyRecovery : ITokenRecovery
{
    public static CopyRecovery Instance { get; } = new();

    public string Name => "copy";

    public Tensor Recover(Site site, TokenPlan plan, Tensor fresh, Tensor? kept)
    {
        var all = fresh.GatherTokens(plan.Sources);
        if (kept is null)
        {
            return all;
        }

        kept.CombineInPlace([all], [1]);
        return kept;
    }
}
