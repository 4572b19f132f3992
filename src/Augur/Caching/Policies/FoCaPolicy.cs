using Augur.Caching.Forecasting;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>
/// Settings of <see cref="FoCaPolicy"/>. Interval 5 (the published figure for DiT); the warm-up is not published: three calls, so that a slope has
/// its three features.
/// </summary>
public sealed record FoCaPolicyOptions : IntervalOptions
{
    /// <summary>Defaults.</summary>
    public FoCaPolicyOptions() => (Interval, Warmup, Draft) = (5, 3, new FoCaForecaster());

    /// <summary>How the slope at the predicted point is read; the paper's formula allows both.</summary>
    [Setting("slope", After = "schedule")]
    public FoCaSlope Slope
    {
        get => Rule.Slope;
        init => Draft = new FoCaForecaster(Rule with { Slope = value });
    }

    /// <summary>
    /// Whether slopes at a computed call are taken from the last three computed features, or from the last three stored ones, forecast or not.
    /// </summary>
    [Setting("history", After = "schedule")]
    public FoCaHistory History
    {
        get => Rule.History;
        init => Draft = new FoCaForecaster(Rule with { History = value });
    }

    private FoCaOptions Rule => ((FoCaForecaster)Draft).Options;

    private protected override IForecaster Accepted(IForecaster draft) => draft is FoCaForecaster ? draft
        : throw new ArgumentException($"Policy foca drafts by foca, not by {draft.Name}; taylorseer takes any.");
}

/// <summary>FoCa (arXiv 2508.16211): TaylorSeer's schedule with a BDF2 predictor and a Heun calibration.</summary>
/// <param name="options">The settings.</param>
/// <exception cref="ArgumentException">They do not fit each other.</exception>
public sealed class FoCaPolicy(FoCaPolicyOptions? options = null) : IntervalPolicy<FoCaPolicyOptions>("foca", Settings, options)
{
    // The rule is FoCa's, which has no order.
    internal static readonly SettingList<FoCaPolicyOptions> Settings = new("Policy", "foca", "draft", "order");
}
