using Augur.Caching.Forecasting;
using Augur.Caching.Tokens;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Settings of the draft model that forecasting policies share.</summary>
public abstract record DraftOptions
{
    /// <summary>The rule that forecasts features from those of computed calls.</summary>
    /// <exception cref="ArgumentException">The method has a rule of its own, and this is another.</exception>
    [Setting("draft", Catalog = typeof(Forecasters), Shorthand = "order")]
    public IForecaster Draft { get; init => field = Accepted(value); } = new TaylorForecaster();

    /// <summary>
    /// The order of the draft, the highest difference or power that it uses. It changes the draft and keeps its rule; some rules have no order.
    /// </summary>
    /// <exception cref="ArgumentException">The rule has no order, or not that one.</exception>
    [Setting("order", 0, 8, HidesNone = true)]
    public int? Order
    {
        get => Draft.Order;
        init => Draft = value is { } order ? Draft.WithOrder(order)
            : Draft.Order is null ? Draft : throw new ArgumentException($"order is none, but the draft {Draft.Name} has one.");
    }

    /// <summary>Which features are kept and forecast.</summary>
    [Setting("granularity")]
    public Granularity Granularity { get; init; }

    /// <summary>
    /// Tokens for which a drafted call computes the feed-forward branches all the same. Needs granularity branch and state float32.
    /// </summary>
    [Setting("tokens", Catalog = typeof(TokenSelectors), None = "none")]
    public ITokenSelector? Tokens { get; init; }

    /// <summary>Precision of the kept tensors. Arithmetic is float32 in either case.</summary>
    [Setting("state", Only = [DType.Float32, DType.BFloat16])]
    public DType State { get; init => field = Setting.Checked(this, value); }

    internal DraftSettings DraftSettings => new(Draft, Granularity, State, Tokens);

    /// <summary>Refuses what cannot go together.</summary>
    /// <exception cref="ArgumentException">Tokens with a granularity or precision that leaves nothing to write them into.</exception>
    internal void RequireSense(string policy)
    {
        if (Tokens is not null && Granularity != Granularity.Branch)
        {
            throw new ArgumentException(
                $"Policy {policy}: tokens={Tokens.Name} computes tokens of branches, which granularity={DraftFit.Word(Granularity)} does not keep; "
                + $"granularity is branch.");
        }

        if (Tokens is not null && State != DType.Float32)
        {
            throw new ArgumentException(
                $"Policy {policy}: tokens={Tokens.Name} writes into kept branches; state is float32, not {State.ToString().ToLowerInvariant()}.");
        }
    }

    /// <summary>The draft, if the method takes it: any, unless the method is that of one rule.</summary>
    private protected virtual IForecaster Accepted(IForecaster draft) => draft;
}
