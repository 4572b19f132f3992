using Augur.Caching.Forecasting;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="PabPolicy"/>. Timesteps are the network's model time, in which DiT counts from 1000 down to 0.</summary>
public sealed record PabOptions
{
    /// <summary>
    /// Within the window, calls from one computed self-attention to the next; 1 computes all. The default is Open-Sora's for spatial attention.
    /// </summary>
    [Setting("range", 1, 1000, Unit = "calls")]
    public int Range { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Within the window, calls from one computed feed-forward branch to the next; 1 computes all.</summary>
    [Setting("mlp_range", 1, 1000, Unit = "calls")]
    public int MlpRange { get; init => field = Setting.Checked(this, value); } = 1;

    /// <summary>Blocks, counted from the first, whose feed-forward branches are repeated. The default is Open-Sora's.</summary>
    [Setting("mlp_blocks", 1, 1000, Unit = "blocks")]
    public int MlpBlocks { get; init => field = Setting.Checked(this, value); } = 5;

    /// <summary>The window's lower end, itself outside of it. Open-Sora has 450.</summary>
    [Setting("from", 0, 1e6, Unit = "timesteps")]
    public double From { get; init => field = Setting.Checked(this, value); } = 100;

    /// <summary>The window's upper end, itself outside of it. Open-Sora has 930.</summary>
    [Setting("to", 0, 1e6, Unit = "timesteps")]
    public double To { get; init => field = Setting.Checked(this, value); } = 800;

    /// <summary>Precision of the kept branches.</summary>
    [Setting("state", Only = [DType.Float32, DType.BFloat16])]
    public DType State { get; init => field = Setting.Checked(this, value); }
}

/// <summary>
/// PAB, Pyramid Attention Broadcast (arXiv 2408.12588): in the middle of a run attention changes little from call to call, so its output is kept
/// and repeated for a few calls, by a range of its own for each kind of branch.
/// </summary>
public sealed class PabPolicy : CachePolicy<PabOptions>
{
    internal static readonly SettingList<PabOptions> Settings = new("Policy", "pab");

    /// <summary>Checks that the settings fit each other.</summary>
    /// <exception cref="ArgumentException">The window is empty.</exception>
    public PabPolicy(PabOptions? options = null)
        : base(Settings, options)
    {
        if (Options.From >= Options.To)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Policy pab: between from={Options.From} and to={Options.To} lies no timestep; from lies below to."));
        }
    }

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        if (!run.Map.Branches.Any(b => b.Site.Kind is SiteKind.Attention or SiteKind.SecondAttention or SiteKind.Mlp))
        {
            throw new ArgumentException("Policy pab repeats attention and feed-forward branches, and this network has none.");
        }

        var elements = run.Map.Branches.Where(IsKept).Sum(b => b.Feature.ElementCount) * run.RowCount;
        var reuse = new ReuseForecaster();
        var fit = MemoryFit.Of("pab", run, Options.State, [(reuse, elements)], otherElements: 0);
        return fit.IsEnough ? new BroadcastMemory(Options, () => fit.Remember(0, reuse), fit.Note) : new UncachedMemory(fit.Note);

        bool IsKept(NetworkSite branch) => branch.Site.Kind is SiteKind.Attention or SiteKind.SecondAttention ? Options.Range > 1
            : branch.Site.Kind == SiteKind.Mlp && Options.MlpRange > 1 && branch.Site.Layer < Options.MlpBlocks;
    }
}
