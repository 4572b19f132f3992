using Augur.Caching.Forecasting;
using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="TaylorSeerPolicy"/>; the defaults are the released ones for DiT (interval 4, order 4, two calls of warm-up).</summary>
public sealed record TaylorSeerOptions : DraftOptions
{
    /// <summary>Calls from one computed call to the next, 1 to 1000; 1 computes all. Default 4.</summary>
    public int Interval { get; init => field = Within(value, 1, 1000); } = 4;

    /// <summary>Calls computed at the beginning, 1 to 1000 (<c>first_enhance</c>). Default 2; FLUX 3, HunyuanVideo 1.</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 2;
}

/// <summary>TaylorSeer (arXiv 2503.06923): features of the calls between two computed ones are forecast by a truncated Taylor series, unverified.</summary>
/// <remarks>The released schedule is followed: nothing forces the last call to be computed. <c>granularity=output</c> is the released "Lite" form.</remarks>
public sealed class TaylorSeerPolicy : ICachePolicy
{
    /// <summary>Checks that the settings fit each other.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public TaylorSeerPolicy(TaylorSeerOptions? options = null)
    {
        Options = options ?? new();
        Options.RequireSense("taylorseer");
    }

    internal static readonly SettingList<TaylorSeerOptions> Settings = new(
        "Policy",
        "taylorseer",
        [
            Setting<TaylorSeerOptions>.Integer("interval", "a whole number between 1 and 1000", o => o.Interval, (o, value) => o with { Interval = value }),
            Setting<TaylorSeerOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
            .. DraftOptions.Settings<TaylorSeerOptions>(),
        ]);

    /// <summary>The settings.</summary>
    public TaylorSeerOptions Options { get; }

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public ISampleCache Open(RunInfo run) =>
        new IntervalCache(new DraftModel(Options.DraftSettings, run, verifiedLayer: null), Options.Interval, Options.Warmup);
}
