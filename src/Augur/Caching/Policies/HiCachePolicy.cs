using Augur.Caching.Forecasting;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="HiCachePolicy"/>; the defaults are those of the authors' launch script (interval 5, order 2, three calls of warm-up) with the paper's σ.</summary>
public sealed record HiCacheOptions : IntervalOptions
{
    /// <summary>Defaults.</summary>
    public HiCacheOptions() => (Interval, Warmup, Draft) = (5, 3, new HermiteForecaster());

    /// <summary>Contraction of argument and coefficients, in (0, 1]. Default 0.5 (the paper's ablation; script 0.7).</summary>
    public double Sigma
    {
        get => Rule.Sigma;
        init => Draft = new HermiteForecaster(Rule with { Sigma = value });
    }

    private HermiteOptions Rule => ((HermiteForecaster)Draft).Options;

    private protected override IForecaster Accepted(IForecaster draft) => draft is HermiteForecaster ? draft
        : throw new ArgumentException($"Policy hicache drafts by hicache, not by {draft.Name}; taylorseer takes any.");
}

/// <summary>HiCache (arXiv 2508.16984): TaylorSeer's schedule and differences under scaled Hermite polynomials.</summary>
/// <param name="options">The settings.</param>
/// <exception cref="ArgumentException">They do not fit each other.</exception>
public sealed class HiCachePolicy(HiCacheOptions? options = null) : IntervalPolicy<HiCacheOptions>("hicache", Settings, options)
{
    internal static readonly SettingList<HiCacheOptions> Settings = new(
        "Policy",
        "hicache",
        [
            .. IntervalOptions.IntervalSettings<HiCacheOptions>(),
            Setting<HiCacheOptions>.Integer("order", "a whole number between 0 and 8", o => o.Order, (o, value) => o with { Order = value }),
            Setting<HiCacheOptions>.Number("sigma", "a number above 0 and at most 1", o => o.Sigma, (o, value) => o with { Sigma = value }),
            .. DraftOptions.KeptSettings<HiCacheOptions>(),
        ]);
}
