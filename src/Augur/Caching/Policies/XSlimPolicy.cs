using Augur.Caching.Forecasting;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="XSlimPolicy"/>. Changes are dimensionless, relative to the last call that was computed in full.</summary>
public sealed record XSlimOptions : ResidualOptions
{
    /// <summary>
    /// The change of what the front does below which the draft is kept. The paper gives no values for this measure; the default was tried on the
    /// built-in model.
    /// </summary>
    [Setting("warn", 0, 1000)]
    public double Warn { get; init => field = Setting.Checked(this, value); } = 0.15;

    /// <summary>
    /// The change at which a call is computed in full; between the two some blocks are refreshed. 0 computes all. At least <see cref="Warn"/>.
    /// </summary>
    [Setting("critical", 0, 1000)]
    public double Critical { get; init => field = Setting.Checked(this, value); } = 0.3;

    /// <summary>Of so many blocks one is refreshed between the two; the next such call begins a block further, so that all have their turn.</summary>
    [Setting("every", 2, 1000, Unit = "blocks")]
    public int Every { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Blocks at the front that are computed at every call, and whose change decides.</summary>
    [Setting("front", 1, 1000, Unit = "blocks")]
    public int Front { get; init => field = Setting.Checked(this, value); } = 1;

    /// <summary>Calls computed at the beginning.</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 1;

    /// <summary>Most calls in a row that are not computed in full; none: no limit.</summary>
    [Setting("max_consecutive", 1, 1000, Unit = "calls")]
    public int? MaxConsecutive { get; init => field = Setting.Checked(this, value); }
}

/// <summary>
/// X-Slim (arXiv 2512.12604): between keeping a draft and computing a call in full stands a third answer. The change of the first blocks is held
/// against two thresholds; below the first the others are forecast, above the second they are computed, between them some are refreshed.
/// </summary>
public sealed class XSlimPolicy : CachePolicy<XSlimOptions>
{
    internal static readonly SettingList<XSlimOptions> Settings = new("Policy", "xslim");

    /// <summary>Checks that the settings fit each other.</summary>
    /// <exception cref="ArgumentException">The first threshold lies above the second.</exception>
    public XSlimPolicy(XSlimOptions? options = null)
        : base(Settings, options)
    {
        if (Options.Warn > Options.Critical)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Policy xslim: warn={Options.Warn} lies above critical={Options.Critical}; it is at most that."));
        }
    }

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var span = GatedSpan.Of("xslim", run, Options.Front, 0);
        var stream = MemoryFit.StreamElements(run);
        (IForecaster, long)[] features = [.. Enumerable.Repeat((Options.Draft, stream), span.Site.Count + 1)]; // each block, and all of them
        var fit = MemoryFit.Of("xslim", run, Options.State, features, otherElements: stream);
        return !fit.IsEnough ? new UncachedMemory(fit.Note)
            : new RefreshedSpanMemory(Options, span, index => new SpanMemory(fit.Remember(index, Options.Draft), isChange: true), fit.Note);
    }
}
