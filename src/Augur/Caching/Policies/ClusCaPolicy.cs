using Augur.Caching.Tokens;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>
/// Settings of <see cref="ClusCaPolicy"/>; the defaults are the released ones for DiT-XL/2: interval 4 (published tables also 5), order 4, two calls
/// of warm-up (FLUX 3, HunyuanVideo 1), 16 clusters.
/// </summary>
public sealed record ClusCaOptions : IntervalOptions
{
    /// <summary>Defaults.</summary>
    public ClusCaOptions() => Tokens = new ClusCaTokens(new());

    /// <summary>How tokens are clustered, and what a fresh one changes.</summary>
    [SettingPart(After = "order")]
    public ClusCaTokensOptions Clusters
    {
        get => (Tokens as ClusCaTokens)?.Options ?? new();
        init => Tokens = new ClusCaTokens(value);
    }
}

/// <summary>
/// ClusCa (arXiv 2509.10312): TaylorSeer's schedule and forecasts, but the feed-forward branches of forecast calls are computed for one token of
/// each cluster.
/// </summary>
/// <param name="options">The settings.</param>
/// <exception cref="ArgumentException">They do not fit each other.</exception>
public sealed class ClusCaPolicy(ClusCaOptions? options = null) : IntervalPolicy<ClusCaOptions>("clusca", Settings, Checked(options))
{
    // Tokens are chosen by clusters, and are written into branches that are kept in float32.
    internal static readonly SettingList<ClusCaOptions> Settings = new("Policy", "clusca", "granularity", "tokens", "state");

    private static ClusCaOptions? Checked(ClusCaOptions? options) => options is null || options.Tokens is ClusCaTokens ? options
        : throw new ArgumentException($"Policy clusca chooses tokens by clusters, not by {options.Tokens?.Name ?? "none"}; taylorseer takes any.");
}
