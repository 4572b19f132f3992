using Augur.Caching.Forecasting;
using Augur.Notation;
using Augur.Tensors;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>The rule by which a draft model extrapolates.</summary>
public enum DraftRule
{
    /// <summary>Repeats the last computed feature.</summary>
    Reuse,

    /// <summary>Truncated Taylor series (TaylorSeer).</summary>
    Taylor,

    /// <summary>Two-step Adams-Bashforth (SpeCa's ablation).</summary>
    AdamsBashforth,
}

/// <summary>Settings of the draft model that forecasting policies share.</summary>
public abstract record DraftOptions
{
    /// <summary>Rule of extrapolation. Default taylor.</summary>
    public DraftRule Draft { get; init; } = DraftRule.Taylor;

    /// <summary>Highest difference of the Taylor rule, 0 to 8.</summary>
    public int Order { get; init => field = Within(value, 0, 8); } = 4;

    /// <summary>Which features are kept.</summary>
    public Granularity Granularity { get; init; }

    /// <summary>Precision of the kept differences: float32 (default) or bfloat16. Arithmetic is float32 in either case.</summary>
    public DType State { get; init => field = value is DType.Float32 or DType.BFloat16 ? value : throw new ArgumentException($"State is {value}; it is Float32 or BFloat16."); }

    internal DraftSettings DraftSettings => new(
        Draft switch
        {
            DraftRule.Reuse => new TaylorForecaster(0),
            DraftRule.AdamsBashforth => new AdamsBashforthForecaster(),
            _ => new TaylorForecaster(Order),
        },
        Granularity,
        State);

    internal static IEnumerable<Setting<TOptions>> Settings<TOptions>()
        where TOptions : DraftOptions =>
    [
        Setting<TOptions>.Choice(
            "draft",
            [("reuse", DraftRule.Reuse), ("taylor", DraftRule.Taylor), ("adams-bashforth", DraftRule.AdamsBashforth)],
            o => o.Draft,
            (o, value) => o with { Draft = value }),
        Setting<TOptions>.Integer("order", "a whole number between 0 and 8", o => o.Order, (o, value) => o with { Order = value }),
        Setting<TOptions>.Choice(
            "granularity",
            [("branch", Granularity.Branch), ("block", Granularity.Block), ("output", Granularity.Output)],
            o => o.Granularity,
            (o, value) => o with { Granularity = value }),
        Setting<TOptions>.Choice("state", [("float32", DType.Float32), ("bfloat16", DType.BFloat16)], o => o.State, (o, value) => o with { State = value }),
    ];
}
