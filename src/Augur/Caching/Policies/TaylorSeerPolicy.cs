using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>
/// Settings of <see cref="TaylorSeerPolicy"/>; the defaults are the released ones for DiT (interval 4, order 4, two calls of warm-up; FLUX 3,
/// HunyuanVideo 1).
/// </summary>
public sealed record TaylorSeerOptions : IntervalOptions;

/// <summary>
/// TaylorSeer (arXiv 2503.06923): features of the calls between two computed ones are forecast by a truncated Taylor series, unverified.
/// </summary>
/// <remarks><c>granularity=output</c> is the released "Lite" form. With another draft it is a fixed schedule for that rule.</remarks>
/// <param name="options">The settings.</param>
/// <exception cref="ArgumentException">They do not fit each other.</exception>
public sealed class TaylorSeerPolicy(TaylorSeerOptions? options = null) : IntervalPolicy<TaylorSeerOptions>("taylorseer", Settings, options)
{
    internal static readonly SettingList<TaylorSeerOptions> Settings = new("Policy", "taylorseer");
}
