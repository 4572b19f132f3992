namespace Augur.Metrics;

/// <summary>Differences of two latents.</summary>
public static class LatentError
{
    /// <summary>
    /// ‖a − b‖ / ‖b‖ with Euclidean norms over all values, summed in double precision: 0 (identical) upwards, dimensionless. 0 if both are zero, +∞
    /// if only the reference is.
    /// </summary>
    /// <param name="latent">a; the elements of both in the same order.</param>
    /// <param name="reference">b.</param>
    /// <exception cref="ArgumentException">The latents differ in length.</exception>
    public static double Relative(ReadOnlySpan<float> latent, ReadOnlySpan<float> reference)
    {
        if (latent.Length != reference.Length)
        {
            throw new ArgumentException($"LatentError.Relative: latents of {latent.Length} and {reference.Length} values cannot be compared.");
        }

        double difference = 0, norm = 0;
        for (var i = 0; i < latent.Length; i++)
        {
            var d = (double)latent[i] - reference[i];
            difference += d * d;
            norm += (double)reference[i] * reference[i];
        }

        return difference == 0 ? 0 : Math.Sqrt(difference / norm);
    }
}
