using Augur.Caching;
using Augur.Models.Joint;
using Augur.Tensors;

namespace Augur.Models.Flux;

/// <summary>What a FLUX transformer tells of itself.</summary>
internal static class FluxMap
{
    /// <summary>For a picture and a text.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="grid">The picture's tokens, [rows, columns].</param>
    /// <param name="references">Tokens of a picture that is referred to.</param>
    /// <param name="text">The text's tokens, with what it is filled up by.</param>
    public static NetworkMap Of(FluxConfig config, Shape grid, int references, int text)
    {
        long c = config.HiddenSize;
        return JointMap.Of(
            new JointMapSizes
            {
                Channels = config.HiddenSize,
                MlpSize = config.MlpSize,
                DoubleBlockCount = config.DoubleBlockCount,
                SingleBlockCount = config.SingleBlockCount,
                InChannels = config.InChannels,
                OutChannels = config.InChannels,

                // Of the timestep and the guidance; those of the text are run once, when it is encoded.
                EmbedderFlops = 2 * ((FluxConfig.FrequencyCount * c) + (c * c)) * (config.HasGuidance ? 2 : 1),
            },
            grid,
            references,
            text);
    }
}
