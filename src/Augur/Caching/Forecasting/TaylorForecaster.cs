namespace Augur.Caching.Forecasting;

/// <summary>
/// Truncated Taylor series with backward differences in place of derivatives: Σ Dᵢ · dⁱ / i! (TaylorSeer, arXiv 2503.06923, section 3).
/// Order 0 repeats the feature. For order 2 and above it does not reproduce polynomials exactly, as in the paper and the released code.
/// </summary>
/// <param name="order">Highest difference, 0 to 8.</param>
public sealed class TaylorForecaster(int order) : IForecaster
{
    /// <inheritdoc/>
    public string Name => order == 0 ? "reuse" : "taylor";

    /// <inheritdoc/>
    public int TermCount => order + 1;

    /// <inheritdoc/>
    public void Weigh(ForecastPoint point, Span<float> coefficients)
    {
        double coefficient = 1;
        for (var i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = (float)coefficient;
            coefficient *= point.Distance / (i + 1.0);
        }
    }
}
