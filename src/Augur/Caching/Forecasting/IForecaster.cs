namespace Augur.Caching.Forecasting;

/// <summary>Where a forecast stands.</summary>
/// <param name="Distance">Network calls since the last computed one; at least 1.</param>
/// <param name="Gap">Network calls between the last two computed ones; 0 while there is only one.</param>
public readonly record struct ForecastPoint(int Distance, int Gap);

/// <summary>Extrapolates one feature over network calls: a linear combination of the finite differences that a <see cref="FeatureHistory"/> keeps.</summary>
public interface IForecaster
{
    /// <summary>As the command line writes it.</summary>
    string Name { get; }

    /// <summary>Differences that it uses at most: 1 is the feature alone.</summary>
    int TermCount { get; }

    /// <summary>The coefficients of the differences that are known so far.</summary>
    /// <param name="point">How far to forecast.</param>
    /// <param name="coefficients">One per known difference, 1 to <see cref="TermCount"/>.</param>
    void Weigh(ForecastPoint point, Span<float> coefficients);
}
