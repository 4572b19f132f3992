using Augur.Notation;

namespace Augur.Caching.Forecasting;

/// <summary>Settings of <see cref="HermiteForecaster"/>.</summary>
public sealed record HermiteOptions
{
    /// <summary>The highest difference that is used. The default is that of the authors' launch script; their initialiser has 1.</summary>
    [Setting("order", 0, 8)]
    public int Order { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>
    /// Contraction of argument and coefficients (σ). The default is that of the paper's ablation; the launch script has 0.7, which at order 1 is a
    /// Taylor series within 2 %.
    /// </summary>
    [Setting("sigma", 0, 1, AboveMinimum = true)]
    public double Sigma { get; init => field = Setting.Checked(this, value); } = 0.5;
}

/// <summary>
/// HiCache (arXiv 2508.16984): the differences of a Taylor series under physicists' Hermite polynomials with dual scaling,
/// D₀ + Σ σᵏ · Hₖ(σd) · Dₖ / k!. From order 2 on the forecast at distance 0 is not the feature, as published.
/// </summary>
public sealed record HermiteForecaster : DifferenceForecaster
{
    internal static readonly SettingList<HermiteOptions> Settings = new("Draft", "hicache");

    /// <summary>With settings.</summary>
    public HermiteForecaster(HermiteOptions? options = null) => Options = options ?? new();

    /// <summary>The settings.</summary>
    public HermiteOptions Options { get; }

    /// <inheritdoc/>
    public override string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public override int TermCount => Options.Order + 1;

    /// <inheritdoc/>
    public override int? Order => Options.Order;

    /// <inheritdoc/>
    public override IForecaster WithOrder(int order) => new HermiteForecaster(Options with { Order = order });

    /// <inheritdoc/>
    public override void Weigh(ForecastPoint point, Span<float> coefficients)
    {
        double u = Options.Sigma * point.Distance, scale = 1; // σᵏ / k!
        double before = 0, polynomial = 1; // Hₖ₋₁(u), Hₖ(u)
        for (var k = 0; k < coefficients.Length; k++)
        {
            coefficients[k] = (float)(scale * polynomial);
            (before, polynomial) = (polynomial, (2 * u * polynomial) - (2 * k * before));
            scale *= Options.Sigma / (k + 1);
        }
    }
}
