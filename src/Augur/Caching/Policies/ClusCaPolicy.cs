using Augur.Caching.Forecasting;
using Augur.Caching.Tokens;
using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="ClusCaPolicy"/>; the defaults are the released ones for DiT-XL/2 (interval 4, order 4, two calls of warm-up, 16 clusters).</summary>
public sealed record ClusCaOptions : DraftOptions
{
    /// <summary>The published settings.</summary>
    public ClusCaOptions() => Tokens = new ClusCaTokens(new());

    /// <summary>Calls from one computed call to the next, 1 to 1000; 1 computes all. Default 4; published tables also 5, FLUX 5.</summary>
    public int Interval { get; init => field = Within(value, 1, 1000); } = 4;

    /// <summary>Calls computed at the beginning, 1 to 1000 (<c>first_enhance</c>). Default 2; FLUX 3, HunyuanVideo 1.</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 2;

    /// <summary>How tokens are clustered and what a fresh one changes.</summary>
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
public sealed class ClusCaPolicy : ICachePolicy
{
    internal static readonly SettingList<ClusCaOptions> Settings = new(
        "Policy",
        "clusca",
        [
            Setting<ClusCaOptions>.Integer("interval", "a whole number between 1 and 1000", o => o.Interval, (o, value) => o with { Interval = value }),
            Setting<ClusCaOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
            .. DraftOptions.Settings<ClusCaOptions>().Where(s => s.Name is "draft" or "order"),
            .. ClusCaTokens.SettingsOf<ClusCaOptions>(o => o.Clusters, (o, clusters) => o with { Clusters = clusters }),
        ]);

    /// <summary>Checks that the settings fit each other.</summary>
    /// <exception cref="ArgumentException">The tokens are another method's, or granularity and state leave nothing to write them into.</exception>
    public ClusCaPolicy(ClusCaOptions? options = null)
    {
        Options = options ?? new();
        if (Options.Tokens is not ClusCaTokens)
        {
            throw new ArgumentException($"Policy clusca chooses tokens by clusters, not by {Options.Tokens?.Name ?? "none"}; taylorseer takes any.");
        }

        Options.RequireSense("clusca");
    }

    /// <summary>The settings.</summary>
    public ClusCaOptions Options { get; }

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public ISampleCache Open(RunInfo run) =>
        new IntervalCache(new DraftModel(Options.DraftSettings, run, verifiedLayer: null), Options.Interval, Options.Warmup);
}
