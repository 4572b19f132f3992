using Augur.Notation;

namespace Augur.Caching.Forecasting;

/// <summary>Settings of <see cref="BarycentricForecaster"/>.</summary>
public sealed record BarycentricOptions
{
    /// <summary>Computed features in use (ChebBooster's H).</summary>
    [Setting("history", 1, 8, Unit = "calls")]
    public int History { get; init => field = Setting.Checked(this, value); } = 3;
}

/// <summary>
/// Barycentric rational interpolation through the last computed features, weights ±1 with half weight at both ends (Berrut, 1988), as ChebBooster
/// uses it to look ahead. The source at hand gives the weights and the history, not more.
/// </summary>
public sealed record BarycentricForecaster : SnapshotForecaster
{
    internal static readonly SettingList<BarycentricOptions> Settings = new("Draft", "barycentric");

    private readonly BarycentricOptions _options;

    /// <summary>With settings.</summary>
    public BarycentricForecaster(BarycentricOptions? options = null) => _options = options ?? new();

    /// <inheritdoc/>
    public override string Name => Settings.Format(_options);

    /// <inheritdoc/>
    public override int TermCount => _options.History;

    /// <inheritdoc/>
    public override double[] Weigh(ReadOnlySpan<int> calls, int target)
    {
        var weights = new double[calls.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var end = weights.Length > 1 && (i == 0 || i == weights.Length - 1) ? 0.5 : 1;
            weights[i] = (i % 2 == 0 ? end : -end) / (target - calls[i]);
        }

        var sum = weights.Sum();
        return Array.ConvertAll(weights, w => w / sum);
    }
}
