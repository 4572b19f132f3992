using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Settings of <see cref="BlendRecovery"/>.</summary>
public sealed record BlendRecoveryOptions
{
    /// <summary>Share of the fresh value that a token takes on (γ of ClusCa).</summary>
    [Setting("share", 0, 1, IsPositional = true)]
    public double Share { get; init => field = Setting.Checked(this, value); } = 0.1;
}

/// <summary>
/// Every token of the picture moves by a share towards what was computed for the one that represents it; those of a text stay as they are kept
/// (ClusCa, arXiv 2509.10312).
/// </summary>
internal sealed record BlendRecovery(BlendRecoveryOptions Options) : ITokenRecovery
{
    internal static readonly SettingList<BlendRecoveryOptions> Settings = new("Recover", "blend");

    public string Name => Settings.Format(Options);

    public Tensor Recover(Site site, TokenPlan plan, Tensor fresh, Tensor? kept)
    {
        KeepRecovery.Instance.Recover(site, plan, fresh, kept);
        if (Options.Share > 0 && site.Group != TokenGroup.Text) // released: of the picture only
        {
            kept!.BlendGatheredTokensInPlace(plan.Given(fresh), plan.Sources.Tensor, (float)Options.Share);
        }

        return kept!;
    }
}
