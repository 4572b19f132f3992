using Augur.Caching.Forecasting;
using Augur.Notation;
using Augur.Tensors;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="PabPolicy"/>. Timesteps are the network's model time, in which DiT counts from 1000 down to 0.</summary>
public sealed record PabOptions
{
    /// <summary>Within the window, calls from one computed self-attention to the next, 1 to 1000; 1 computes all. Default 2 (Open-Sora, spatial).</summary>
    public int Range { get; init => field = Within(value, 1, 1000); } = 2;

    /// <summary>The same for feed-forward branches; 1 (default) computes all.</summary>
    public int MlpRange { get; init => field = Within(value, 1, 1000); } = 1;

    /// <summary>Blocks, from the first, whose feed-forward branches that holds for, 1 to 1000. Default 5 (Open-Sora, 0 to 4).</summary>
    public int MlpBlocks { get; init => field = Within(value, 1, 1000); } = 5;

    /// <summary>The window's lower end, exclusive, 0 to 1e6. Default 100 (450 for Open-Sora).</summary>
    public double From { get; init => field = Within(value, 0, 1e6); } = 100;

    /// <summary>The window's upper end, exclusive, 0 to 1e6. Default 800 (930 for Open-Sora).</summary>
    public double To { get; init => field = Within(value, 0, 1e6); } = 800;

    /// <summary>Precision of the kept branches: float32 (default) or bfloat16.</summary>
    public DType State { get; init => field = value is DType.Float32 or DType.BFloat16 ? value : throw new ArgumentException($"State is {value}; it is Float32 or BFloat16."); }
}

/// <summary>
/// PAB, Pyramid Attention Broadcast (arXiv 2408.12588): in the middle of a run attention changes little from call to call, so its output is kept
/// and repeated for a few calls, by a range of its own for each kind of branch.
/// </summary>
public sealed class PabPolicy : CachePolicy<PabOptions>
{
    internal static readonly SettingList<PabOptions> Settings = new(
        "Policy",
        "pab",
        [
            Setting<PabOptions>.Integer("range", "a whole number between 1 and 1000", o => o.Range, (o, value) => o with { Range = value }),
            Setting<PabOptions>.Integer("mlp_range", "a whole number between 1 and 1000", o => o.MlpRange, (o, value) => o with { MlpRange = value }),
            Setting<PabOptions>.Integer("mlp_blocks", "a whole number between 1 and 1000", o => o.MlpBlocks, (o, value) => o with { MlpBlocks = value }),
            Setting<PabOptions>.Number("from", "a number between 0 and 1e6", o => o.From, (o, value) => o with { From = value }),
            Setting<PabOptions>.Number("to", "a number between 0 and 1e6", o => o.To, (o, value) => o with { To = value }),
            Setting<PabOptions>.Choice("state", [("float32", DType.Float32), ("bfloat16", DType.BFloat16)], o => o.State, (o, value) => o with { State = value }),
        ]);

    /// <summary>Checks that the settings fit each other.</summary>
    /// <exception cref="ArgumentException">The window is empty.</exception>
    public PabPolicy(PabOptions? options = null)
        : base(Settings, options)
    {
        if (Options.From >= Options.To)
        {
            throw new ArgumentException(FormattableString.Invariant($"Policy pab: between from={Options.From} and to={Options.To} lies no timestep; from lies below to."));
        }
    }

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var elements = run.Map.Branches.Where(IsKept).Sum(b => b.Feature.ElementCount) * run.RowCount;
        var reuse = new ReuseForecaster();
        var fit = MemoryFit.Of("pab", run, Options.State, [(reuse, elements)], otherElements: 0);
        return fit.IsEnough ? new BroadcastMemory(Options, () => fit.Remember(0, reuse), fit.Note) : new UncachedMemory(fit.Note);

        bool IsKept(NetworkSite branch) => branch.Site.Kind == SiteKind.Attention ? Options.Range > 1
            : branch.Site.Kind == SiteKind.Mlp && Options.MlpRange > 1 && branch.Site.Layer < Options.MlpBlocks;
    }
}
