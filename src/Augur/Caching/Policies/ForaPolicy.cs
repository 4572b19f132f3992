using Augur.Caching.Forecasting;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="ForaPolicy"/>.</summary>
public sealed record ForaOptions
{
    /// <summary>Calls from one computed call to the next; 1 computes all. The default is the paper's.</summary>
    [Setting("interval", 1, 1000, Unit = "calls")]
    public int Interval { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>Calls computed at the beginning.</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 1;
}

/// <summary>FORA (arXiv 2407.01425): every residual branch is computed at a fixed interval and reused, behind today's gate, in between.</summary>
public sealed class ForaPolicy(ForaOptions? options = null) : CachePolicy<ForaOptions>(Settings, options)
{
    internal static readonly SettingList<ForaOptions> Settings = new("Policy", "fora");

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) =>
        new TaylorSeerPolicy(new() { Interval = Options.Interval, Warmup = Options.Warmup, Draft = new ReuseForecaster() }).Open(run);
}
