using Augur.Models.Dit;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>The fixed tables of a U-Net.</summary>
internal static class UNetEmbeddings
{
    /// <summary>cos then sin of value · 10000^(−i/(width/2)), [values, width]: of timesteps, and of sizes in pixels.</summary>
    public static Tensor Sinusoid(IBackend backend, ReadOnlySpan<float> values, int width) =>
        DitEmbeddings.Timesteps(backend, values, frequenciesReachEnd: false, width);

    /// <summary>
    /// sin then cos of 1000 · (scale − 1) · 10000^(−i/(width/2 − 1)), [scales, width]: of guidance scales, where 1 is no guidance (Latent Consistency
    /// Models, arXiv 2310.04378; diffusers).
    /// </summary>
    public static Tensor Guidance(IBackend backend, ReadOnlySpan<float> scales, int width)
    {
        var half = width / 2;
        var values = new float[scales.Length * width];
        for (var row = 0; row < scales.Length; row++)
        {
            for (var i = 0; i < half; i++)
            {
                var angle = 1000.0 * (scales[row] - 1) * Math.Exp(-i * Math.Log(10000) / Math.Max(1, half - 1));
                (values[(row * width) + i], values[(row * width) + half + i]) = ((float)Math.Sin(angle), (float)Math.Cos(angle));
            }
        }

        return Tensor.From(backend, values, [scales.Length, width]);
    }
}
