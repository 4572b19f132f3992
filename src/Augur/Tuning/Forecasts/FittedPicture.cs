namespace Augur.Tuning;

/// <summary>What a calibration picture says of a gap between computed calls; all in the directions of a token.</summary>
/// <param name="Features">What is known, [tokens · K] each.</param>
/// <param name="Missing">What a combination of it is to give, [tokens · K].</param>
/// <param name="Weight">How much the picture counts.</param>
/// <param name="Directions">K.</param>
internal sealed record FittedPicture(float[][] Features, float[] Missing, double Weight, int Directions);
