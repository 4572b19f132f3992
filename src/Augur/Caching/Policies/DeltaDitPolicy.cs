using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="DeltaDitPolicy"/>.</summary>
public sealed record DeltaDitOptions : ResidualOptions
{
    /// <summary>Calls from one computed call to the next, 1 to 1000; 1 computes all. Default 3.</summary>
    public int Interval { get; init => field = Within(value, 1, 1000); } = 3;

    /// <summary>Share of the run during which the blocks at the back are reused, afterwards those at the front, 0 to 1. Default 0.5; the paper's is not published.</summary>
    public double Switch { get; init => field = Within(value, 0, 1); } = 0.5;

    /// <summary>Share of the blocks that is reused, above 0 and at most 0.5; at least one block. Default 0.464, 13 of DiT-XL/2's 28, as the published FLOPs imply.</summary>
    public double Span { get; init => field = Within(value, double.Epsilon, 0.5); } = 0.464;
}

/// <summary>
/// Δ-DiT (arXiv 2406.01125): between two computed calls the change that a span of blocks makes is reused: the blocks at the back while the
/// outline forms, those at the front while details do.
/// </summary>
public sealed class DeltaDitPolicy(DeltaDitOptions? options = null) : CachePolicy<DeltaDitOptions>(Settings, options)
{
    internal static readonly SettingList<DeltaDitOptions> Settings = new(
        "Policy",
        "delta-dit",
        [
            Setting<DeltaDitOptions>.Integer("interval", "a whole number between 1 and 1000", o => o.Interval, (o, value) => o with { Interval = value }),
            Setting<DeltaDitOptions>.Number("switch", "a number between 0 and 1", o => o.Switch, (o, value) => o with { Switch = value }),
            Setting<DeltaDitOptions>.Number("span", "a number above 0 and at most 0.5", o => o.Span, (o, value) => o with { Span = value }),
            .. ResidualOptions.Settings<DeltaDitOptions>().Where(s => s.Name != "decide"), // the schedule is the same for all
        ]);

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
            : new TwoSpanMemory(Options, depth, length, new SpanMemory(fit.Remember(0, Options.Draft), isChange: true), new SpanMemory(fit.Remember(1, Options.Draft), isChange: true), fit.Note);
    }
}
