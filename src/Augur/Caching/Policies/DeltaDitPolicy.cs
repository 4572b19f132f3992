using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="DeltaDitPolicy"/>.</summary>
public sealed record DeltaDitOptions : ResidualOptions
{
    /// <summary>Calls from one computed call to the next; 1 computes all.</summary>
    [Setting("interval", 1, 1000, Unit = "calls")]
    public int Interval { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>
    /// Share of the run during which the blocks at the back are reused, and after which those at the front are. The paper's is not published.
    /// </summary>
    [Setting("switch", 0, 1)]
    public double Switch { get; init => field = Setting.Checked(this, value); } = 0.5;

    /// <summary>Share of the blocks that is reused, at least one block. The default is 13 of DiT-XL/2's 28, as the published FLOPs imply.</summary>
    [Setting("span", 0, 0.5, AboveMinimum = true)]
    public double Span { get; init => field = Setting.Checked(this, value); } = 0.464;
}

/// <summary>
/// Δ-DiT (arXiv 2406.01125): between two computed calls the change that a span of blocks makes is reused: the blocks at the back while the
/// outline forms, those at the front while details do.
/// </summary>
public sealed class DeltaDitPolicy(DeltaDitOptions? options = null) : CachePolicy<DeltaDitOptions>(Settings, options)
{
    // Nothing is decided: the schedule is the same for all samples.
    internal static readonly SettingList<DeltaDitOptions> Settings = new("Policy", "delta-dit", "decide");

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var depth = run.Map.RequireChain("Policy delta-dit").BlockCount;
        if (depth < 2)
        {
            throw new ArgumentException($"Policy delta-dit reuses at most half of the blocks; this network has {depth}.");
        }

        var length = Math.Clamp((int)Math.Round(Options.Span * depth), 1, depth / 2);
        var stream = MemoryFit.StreamElements(run);
        var fit = MemoryFit.Of("delta-dit", run, Options.State, [(Options.Draft, stream), (Options.Draft, stream)], otherElements: 0);
        return !fit.IsEnough ? new UncachedMemory(fit.Note)
            : new TwoSpanMemory(
                Options,
                depth,
                length,
                new SpanMemory(fit.Remember(0, Options.Draft), isChange: true),
                new SpanMemory(fit.Remember(1, Options.Draft), isChange: true),
                fit.Note);
    }
}
