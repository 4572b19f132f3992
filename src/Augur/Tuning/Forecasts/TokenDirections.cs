using Augur.Algebra;

namespace Augur.Tuning;

/// <summary>
/// The principal directions of a token in finished latents: of pictures, the mean colour of a patch first, then ever finer detail. What is coarse is
/// settled earlier in a run than what is fine, so that each direction is forecast by weights of its own.
/// </summary>
internal static class TokenDirections
{
    /// <summary>The directions, [K][K], that of the largest variance first.</summary>
    /// <param name="latents">Finished latents, [tokens, K] each.</param>
    /// <param name="count">K.</param>
    public static float[][] Of(IReadOnlyList<float[]> latents, int count)
    {
        var covariance = new double[count * count];
        foreach (var latent in latents)
        {
            for (var token = 0; token < latent.Length; token += count)
            {
                for (var i = 0; i < count; i++)
                {
                    for (var j = 0; j < count; j++)
                    {
                        covariance[(i * count) + j] += (double)latent[token + i] * latent[token + j];
                    }
                }
            }
        }

        var vectors = SymmetricEigen.DecomposeInPlace(covariance, count).Vectors;
        return [.. vectors.Chunk(count).Select(row => Array.ConvertAll(row, v => (float)v))];
    }

    /// <summary>[tokens, K] in the directions.</summary>
    public static float[] Project(float[] tokens, float[][] directions)
    {
        var count = directions.Length;
        var projected = new float[tokens.Length];
        for (var at = 0; at < tokens.Length; at++)
        {
            var (token, direction, sum) = (at / count * count, directions[at % count], 0.0);
            for (var i = 0; i < count; i++)
            {
                sum += (double)direction[i] * tokens[token + i];
            }

            projected[at] = (float)sum;
        }

        return projected;
    }
}
