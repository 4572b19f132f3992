using Augur.Models.Dit;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>The fixed tables of a U-Net.</summary>
internal static class UNetEmbeddings
{
    /// <summary>cos then sin of value · 10000^(−i/(width/2)), [values, width]: of timesteps, and of sizes in pixels.</summary>
    public static Tensor Sinusoid(IBackend backend, ReadOnlySpan<float> values, int width) =>
        DitEmbeddings.Timesteps(backend, values, frequenciesReachEnd: false, width);
}
