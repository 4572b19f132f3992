using System.Globalization;
using Augur.Caching.Forecasting;
using Augur.Caching.Tokens;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Settings of the draft model that forecasting policies share.</summary>
public abstract record DraftOptions
{
    /// <summary>Rule of extrapolation. Default taylor.</summary>
    /// <exception cref="ArgumentException">The method has a rule of its own, and this is another.</exception>
    public IForecaster Draft { get; init => field = Accepted(value); } = new TaylorForecaster();

    /// <summary>The draft's order, where it has one; 0 where it has none. Setting it keeps the rule.</summary>
    /// <exception cref="ArgumentException">The rule has no order, or not that one.</exception>
    public int Order
    {
        get => Draft.Order ?? 0;
        init => Draft = Draft.WithOrder(value);
    }

    /// <summary>Which features are kept.</summary>
    public Granularity Granularity { get; init; }

    /// <summary>Tokens for which a drafted call computes the feed-forward branches all the same; null (default): none. Needs granularity branch and state float32.</summary>
    public ITokenSelector? Tokens { get; init; }

    /// <summary>Precision of the kept tensors: float32 (default) or bfloat16. Arithmetic is float32 in either case.</summary>
    public DType State { get; init => field = value is DType.Float32 or DType.BFloat16 ? value : throw new ArgumentException($"State is {value}; it is Float32 or BFloat16."); }

    internal DraftSettings DraftSettings => new(Draft, Granularity, State, Tokens);

    /// <summary>Refuses what cannot go together.</summary>
    /// <exception cref="ArgumentException">Tokens with a granularity or precision that leaves nothing to write them into.</exception>
    internal void RequireSense(string policy)
    {
        if (Tokens is not null && Granularity != Granularity.Branch)
        {
            throw new ArgumentException($"Policy {policy}: tokens={Tokens.Name} computes tokens of branches, which granularity={DraftFit.Word(Granularity)} does not keep; granularity is branch.");
        }

        if (Tokens is not null && State != DType.Float32)
        {
            throw new ArgumentException($"Policy {policy}: tokens={Tokens.Name} writes into kept branches; state is float32, not {State.ToString().ToLowerInvariant()}.");
        }
    }

    /// <summary>The draft, if the method takes it: any, unless the method is that of one rule.</summary>
    private protected virtual IForecaster Accepted(IForecaster draft) => draft;

    internal static IEnumerable<Setting<TOptions>> Settings<TOptions>()
        where TOptions : DraftOptions
    {
        Setting<TOptions> order = new(
            "order",
            "a whole number between 0 and 8",
            o => o.Draft.Order?.ToString(CultureInfo.InvariantCulture) ?? "none",
            (o, text) => text == "none" && o.Draft.Order is null ? o
                : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? o with { Order = value } : null);
        return
        [
            new("draft", Forecasters.Catalog.Words, o => o.Draft.Name, (o, text) => o with { Draft = Forecasters.Parse(text) }) { Shorthand = order },
            order,
            .. KeptSettings<TOptions>(),
        ];
    }

    /// <summary>What is kept, for methods whose rule is their own.</summary>
    internal static IEnumerable<Setting<TOptions>> KeptSettings<TOptions>()
        where TOptions : DraftOptions =>
    [
        Setting<TOptions>.Choice(
            "granularity",
            [("branch", Granularity.Branch), ("block", Granularity.Block), ("output", Granularity.Output)],
            o => o.Granularity,
            (o, value) => o with { Granularity = value }),
        new("tokens", $"none, {TokenSelectors.Catalog.Words}", o => o.Tokens?.Name ?? "none", (o, text) => o with { Tokens = text == "none" ? null : TokenSelectors.Parse(text) }),
        Setting<TOptions>.Choice("state", [("float32", DType.Float32), ("bfloat16", DType.BFloat16)], o => o.State, (o, value) => o with { State = value }),
    ];
}
