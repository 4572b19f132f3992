using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>The others stay as they are kept (ToCa).</summary>
internal sealed record KeepRecovery : ITokenRecovery
{
    public static KeepRecovery Instance { get; } = new();

    public string Name => "keep";

    public Tensor Recover(Site site, TokenPlan plan, Tensor fresh, Tensor? kept)
    {
        if (kept is null || plan.Kept is null)
        {
            throw new InvalidOperationException($"Recover keep: nothing is kept of {site}.");
        }

        kept.ScatterTokensInPlace(plan.Kept, fresh);
        return kept;
    }
}
