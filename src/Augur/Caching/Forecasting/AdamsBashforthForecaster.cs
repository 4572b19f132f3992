namespace Augur.Caching.Forecasting;

/// <summary>
/// The two-step Adams-Bashforth rule on the feature's slope, F + d · (3/2 · f′ − 1/2 · f′ of the computed call before); the draft model of SpeCa's
/// ablation (arXiv 2509.11628). With D₂ = (f′ − f′ before) / gap that is F + d · D₁ + d · gap / 2 · D₂.
/// </summary>
public sealed record AdamsBashforthForecaster : DifferenceForecaster
{
    /// <inheritdoc/>
    public override string Name => "adams-bashforth";

    /// <inheritdoc/>
    public override int TermCount => 3;

    /// <inheritdoc/>
    public override void Weigh(ForecastPoint point, Span<float> coefficients)
    {
        ReadOnlySpan<float> all = [1, point.Distance, point.Distance * point.Gap / 2f];
        all[..coefficients.Length].CopyTo(coefficients);
    }
}
