using Augur.Caching.Forecasting;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>
/// Settings of <see cref="HiCachePolicy"/>; the defaults are those of the authors' launch script (interval 5, order 2, three calls of warm-up) with
/// the paper's σ.
/// </summary>
public sealed record HiCacheOptions : IntervalOptions
{
    /// <summary>Defaults.</summary>
    public HiCacheOptions() => (Interval, Warmup, Draft) = (5, 3, new HermiteForecaster());

    /// <summary>
    /// Contraction of argument and coefficients (σ). The default is that of the paper's ablation; the authors' launch script has 0.7.
    /// </summary>
    [Setting("sigma", 0, 1, AboveMinimum = true, After = "order")]
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
    // The rule is HiCache's.
    internal static readonly SettingList<HiCacheOptions> Settings = new("Policy", "hicache", "draft");
}
