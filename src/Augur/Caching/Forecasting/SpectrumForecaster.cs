using Augur.Notation;

namespace Augur.Caching.Forecasting;

/// <summary>Settings of <see cref="SpectrumForecaster"/>; the defaults are the released ones.</summary>
public sealed record SpectrumForecasterOptions
{
    /// <summary>The highest polynomial that is used.</summary>
    [Setting("order", 0, 8)]
    public int Degree { get; init => field = Setting.Checked(this, value); } = 4;

    /// <summary>Computed features in use.</summary>
    [Setting("history", 2, 32, Unit = "calls")]
    public int History { get; init => field = Setting.Checked(this, value); } = 10;

    /// <summary>Ridge penalty on the coefficients.</summary>
    [Setting("ridge", 0, 100)]
    public double Ridge { get; init => field = Setting.Checked(this, value); } = 0.1;

    /// <summary>Share of the polynomials; the rest is a straight line through the last two features. Released: 0.5 to 1.</summary>
    [Setting("blend", 0, 1)]
    public double Blend { get; init => field = Setting.Checked(this, value); } = 0.5;

    /// <summary>Calls that are mapped to [−1, 1]; the released code takes a run to have 50.</summary>
    [Setting("span", 2, 100_000, Unit = "calls")]
    public int Span { get; init => field = Setting.Checked(this, value); } = 50;
}

/// <summary>
/// Spectrum (arXiv 2603.01623): a ridge fit of Chebyshev polynomials, which is global, blended with a straight line, which is local.
/// </summary>
/// <remarks>
/// The fit is made to the differences from the newest feature, not to the features themselves as released: the penalty draws what it fits towards 0,
/// and a straight line was then carried on backwards (docs/methods/spectrum.md).
/// </remarks>
public sealed record SpectrumForecaster : SnapshotForecaster
{
    internal static readonly SettingList<SpectrumForecasterOptions> Settings = new("Draft", "spectrum");

    private readonly SpectrumForecasterOptions _options;

    /// <summary>With settings.</summary>
    public SpectrumForecaster(SpectrumForecasterOptions? options = null) => _options = options ?? new();

    /// <inheritdoc/>
    public override string Name => Settings.Format(_options);

    /// <inheritdoc/>
    public override int TermCount => _options.History;

    /// <inheritdoc/>
    public override int? Order => _options.Degree;

    /// <inheritdoc/>
    public override IForecaster WithOrder(int order) => new SpectrumForecaster(_options with { Degree = order });

    /// <inheritdoc/>
    public override double[] Weigh(ReadOnlySpan<int> calls, int target)
    {
        var polynomials = ChebyshevForecaster.Weigh(calls, target, _options.Degree, _options.Ridge, (0, _options.Span));
        var weights = Array.ConvertAll(polynomials, weight => _options.Blend * weight);
        var ahead = calls.Length < 2 ? 0 : (double)(target - calls[0]) / (calls[0] - calls[1]);
        weights[0] += (1 - _options.Blend) * (1 + ahead);
        if (calls.Length > 1)
        {
            weights[1] -= (1 - _options.Blend) * ahead;
        }

        return weights;
    }
}
