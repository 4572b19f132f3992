using Augur.Notation;

namespace Augur.Caching.Forecasting;

/// <summary>Settings of <see cref="TaylorForecaster"/>.</summary>
public sealed record TaylorOptions
{
    /// <summary>The highest difference that is used. The default is released for DiT.</summary>
    [Setting("order", 0, 8)]
    public int Order { get; init => field = Setting.Checked(this, value); } = 4;
}

/// <summary>
/// Truncated Taylor series with backward differences in place of derivatives: Σ Dᵢ · dⁱ / i! (TaylorSeer, arXiv 2503.06923, section 3).
/// Order 0 repeats the feature. For order 2 and above it does not reproduce polynomials exactly, as in the paper and the released code.
/// </summary>
public sealed record TaylorForecaster : DifferenceForecaster
{
    internal static readonly SettingList<TaylorOptions> Settings = new("Draft", "taylor");

    private readonly TaylorOptions _options;

    /// <summary>With settings.</summary>
    public TaylorForecaster(TaylorOptions? options = null) => _options = options ?? new();

    /// <summary>With an order, 0 to 8.</summary>
    public TaylorForecaster(int order)
        : this(new TaylorOptions { Order = order })
    {
    }

    /// <inheritdoc/>
    public override string Name => Settings.Format(_options);

    /// <inheritdoc/>
    public override int TermCount => _options.Order + 1;

    /// <inheritdoc/>
    public override int? Order => _options.Order;

    /// <inheritdoc/>
    public override IForecaster WithOrder(int order) => new TaylorForecaster(order);

    /// <inheritdoc/>
    public override void Weigh(ForecastPoint point, Span<float> coefficients)
    {
        double coefficient = 1;
        for (var i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = (float)coefficient;
            coefficient *= point.Distance / (i + 1.0);
        }
    }
}
