namespace Augur.Caching.Forecasting;

/// <summary>Repeats the last computed feature: what FORA, ToCa and most early methods do.</summary>
public sealed record ReuseForecaster : DifferenceForecaster
{
    /// <inheritdoc/>
    public override string Name => "reuse";

    /// <inheritdoc/>
    public override int TermCount => 1;

    /// <inheritdoc/>
    public override void Weigh(ForecastPoint point, Span<float> coefficients) => coefficients[0] = 1;
}
