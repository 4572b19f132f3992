using Augur.Caching;
using Augur.Models.Joint;
using Augur.Tensors;

namespace Augur.Models.Flux2;

/// <summary>What a FLUX.2 transformer tells of itself.</summary>
internal static class Flux2Map
{
    /// <summary>For a picture and a text.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="grid">The picture's tokens, [rows, columns].</param>
    /// <param name="references">Tokens of pictures that are referred to.</param>
    /// <param name="text">The text's tokens, with what it is filled up by.</param>
    public static NetworkMap Of(Flux2Config config, Shape grid, int references, int text)
    {
        long c = config.HiddenSize;
        return JointMap.Of(
            new JointMapSizes
            {
                Channels = config.HiddenSize,
                MlpSize = config.MlpSize,
                IsGated = true,
                DoubleBlockCount = config.DoubleBlockCount,
                SingleBlockCount = config.SingleBlockCount,
                InChannels = config.InChannels,
                OutChannels = config.InChannels,
                EmbedderFlops = 2 * ((Flux2Config.FrequencyCount * c) + (c * c)) * (config.HasGuidance ? 2 : 1),
                SharesModulation = true,
            },
            grid,
            references,
            text);
    }
}
