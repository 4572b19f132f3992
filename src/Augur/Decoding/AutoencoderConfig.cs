namespace Augur.Decoding;

/// <summary>The sizes of an <see cref="AutoencoderKl"/> and the scale of its latents.</summary>
public sealed record AutoencoderConfig
{
    /// <summary>Channels of each level, from the picture's resolution to the latent's; each further level halves height and width.</summary>
    public required IReadOnlyList<int> BlockChannels { get; init; }

    /// <summary>
    /// Channels after the encoder's first convolution; 0: the same as the first level. Only configurations of the original layout can state another
    /// number.
    /// </summary>
    public int StemChannels { get; init; }

    /// <summary>Residual blocks per level of the encoder; the decoder has one more.</summary>
    public int LayersPerBlock { get; init; } = 2;

    /// <summary>Channels of the latent.</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary>Channels that the encoder reads.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Channels that the decoder writes.</summary>
    public int OutputChannels { get; init; } = 3;

    /// <summary>Groups of every group normalisation.</summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>Scale of latents: a model's latent is (mean − <see cref="ShiftFactor"/>) · this factor.</summary>
    public float ScalingFactor { get; init; } = 0.18215f;

    /// <summary>Shift of latents, subtracted before scaling; see <see cref="ScalingFactor"/>.</summary>
    public float ShiftFactor { get; init; }

    /// <summary>Whether the encoder ends with a 1x1 convolution of its moments.</summary>
    public bool HasQuantConv { get; init; } = true;

    /// <summary>Whether the decoder begins with a 1x1 convolution of the latent.</summary>
    public bool HasPostQuantConv { get; init; } = true;

    /// <summary>Whether the middle of encoder and decoder has an attention layer.</summary>
    public bool HasMidAttention { get; init; } = true;

    /// <summary>
    /// Whether a model's latent has squares of 2×2 cells as its cells, each channel normalised by a mean and a variance that the checkpoint holds
    /// (FLUX.2), rather than one scale and one shift.
    /// </summary>
    public bool HasLatentNorm { get; init; }

    /// <summary>What is added to the variance of that norm.</summary>
    public float LatentNormEpsilon { get; init; } = 1e-4f;

    /// <summary>Side of a cell of a model's latent, in the network's own cells.</summary>
    public int LatentPatch => HasLatentNorm ? 2 : 1;

    /// <summary>Pixels per cell of the network's own latent in each direction.</summary>
    public int PixelsPerCell => 1 << (BlockChannels.Count - 1);

    /// <summary>Checks that the sizes are consistent.</summary>
    /// <exception cref="ArgumentException">They are not; the message names the value.</exception>
    public void Validate()
    {
        Require(BlockChannels.Count is >= 1 and <= 8, $"1 to 8 levels are possible, not {BlockChannels.Count}");
        Require(LayersPerBlock is >= 1 and <= 32, $"1 to 32 layers per block are possible, not {LayersPerBlock}");
        Require(NormGroups >= 1, $"group normalisation needs at least one group, not {NormGroups}");
        foreach (var channels in StemChannels == 0 ? BlockChannels : [StemChannels, .. BlockChannels])
        {
            Require(channels is >= 1 and <= 1 << 16 && channels % NormGroups == 0, $"{channels} channels do not divide into {NormGroups} groups");
        }

        foreach (var channels in new[] { LatentChannels, InputChannels, OutputChannels })
        {
            Require(channels is >= 1 and <= 1 << 12, $"a latent or picture of {channels} channels is not possible");
        }

        Require(float.IsFinite(ScalingFactor) && ScalingFactor != 0, $"the scaling factor cannot be {ScalingFactor}");
        Require(float.IsFinite(ShiftFactor), $"the shift factor cannot be {ShiftFactor}");
        Require(LatentNormEpsilon is >= 0 and < 1, $"a latent norm cannot add {LatentNormEpsilon} to its variance");
        Require(!HasLatentNorm || (ScalingFactor == 1 && ShiftFactor == 0), "latents are normalised or scaled, not both");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"Autoencoder: {message}.");
        }
    }
}
