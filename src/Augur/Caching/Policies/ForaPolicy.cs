using Augur.Caching.Forecasting;
using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="ForaPolicy"/>.</summary>
public sealed record ForaOptions
{
    /// <summary>Calls from one computed call to the next, 1 to 1000; 1 computes all. Default 3 (arXiv 2407.01425).</summary>
    public int Interval { get; init => field = Within(value, 1, 1000); } = 3;

    /// <summary>Calls computed at the beginning, 1 to 1000. Default 1.</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 1;
}

/// <summary>FORA (arXiv 2407.01425): every residual branch is computed at a fixed interval and reused, behind today's gate, in between.</summary>
public sealed class ForaPolicy(ForaOptions? options = null) : CachePolicy<ForaOptions>(Settings, options)
{
    internal static readonly SettingList<ForaOptions> Settings = new(
        "Policy",
        "fora",
        [
            Setting<ForaOptions>.Integer("interval", "a whole number between 1 and 1000", o => o.Interval, (o, value) => o with { Interval = value }),
            Setting<ForaOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
        ]);

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) =>
        new TaylorSeerPolicy(new() { Interval = Options.Interval, Warmup = Options.Warmup, Draft = new ReuseForecaster() }).Open(run);
}
