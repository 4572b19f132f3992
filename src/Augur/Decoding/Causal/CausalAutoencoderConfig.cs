using Augur.Tensors.Weights;

namespace Augur.Decoding.Causal;

/// <summary>The sizes of a <see cref="CausalAutoencoder"/> and the scale of its latents.</summary>
public sealed record CausalAutoencoderConfig
{
    /// <summary>Mean of each latent channel over the training set, as published for 16 channels with Wan 2.1; Qwen-Image has the same.</summary>
    private static readonly float[] s_mean =
    [
        -0.7571f, -0.7089f, -0.9113f, 0.1075f, -0.1745f, 0.9653f, -0.1517f, 1.5508f, 0.4134f, -0.0715f, 0.5517f, -0.3632f, -0.1922f, -0.9497f,
        0.2503f, -0.2921f,
    ];

    /// <summary>The same, standard deviations.</summary>
    private static readonly float[] s_deviation =
    [
        2.8184f, 1.4541f, 2.3275f, 2.6558f, 1.2196f, 1.7708f, 2.6052f, 2.0743f, 3.2687f, 2.1526f, 2.8652f, 1.5579f, 1.6382f, 1.1253f, 2.8251f,
        1.9160f,
    ];

    /// <summary>Channels at the picture's resolution; 96 as published.</summary>
    public int Channels { get; init; } = 96;

    /// <summary>How many times as many each level has, from the picture's resolution to the latent's.</summary>
    public IReadOnlyList<int> Multipliers { get; init; } = [1, 2, 4, 4];

    /// <summary>Residual blocks per level of the encoder; the decoder has one more.</summary>
    public int LayersPerBlock { get; init; } = 2;

    /// <summary>Whether the step from a level to the next also halves the number of frames; one fewer than levels.</summary>
    public IReadOnlyList<bool> HalvesFrames { get; init; } = [false, true, true];

    /// <summary>Channels of a picture.</summary>
    public int PictureChannels { get; init; } = 3;

    /// <summary>Mean of each channel of the latent; their number is that of the channels.</summary>
    public IReadOnlyList<float> Means { get; init; } = s_mean;

    /// <summary>Standard deviation of each: a model's latent is (encoded − mean) / deviation.</summary>
    public IReadOnlyList<float> Deviations { get; init; } = s_deviation;

    /// <summary>Frames per second of a decoded video; 16 in Wan 2.1.</summary>
    public double FramesPerSecond { get; init; } = 16;

    /// <summary>Channels of the latent.</summary>
    public int LatentChannels => Means.Count;

    /// <summary>Pixels per latent cell in each direction.</summary>
    public int PixelsPerCell => 1 << (Multipliers.Count - 1);

    /// <summary>Frames that each frame of the latent after the first stands for.</summary>
    public int FramesPerCell => 1 << HalvesFrames.Count(h => h);

    /// <summary>Reads a configuration: the original code's <c>dim, z_dim, dim_mult, num_res_blocks, temperal_downsample</c>, or diffusers' with
    /// <c>base_dim</c> and <c>latents_mean</c>, <c>latents_std</c>.</summary>
    /// <exception cref="WeightFileException">It is neither, or its numbers do not fit each other.</exception>
    public static CausalAutoencoderConfig Parse(ForeignJson json)
    {
        var inner = json.Find("params") ?? json;
        if (inner.Find("attn_scales") is { } scales && scales.AsItems().Count > 0)
        {
            throw scales.Error("is set, but attention between residual blocks is not built.");
        }

        var channels = inner.Find("z_dim")?.AsInteger() ?? s_mean.Length;
        if (channels < 1 || (channels > s_mean.Length && inner.Find("latents_mean") is null))
        {
            throw new WeightFileException($"{json.File}: z_dim is {channels}, and latents_mean and latents_std are known for 1 to {s_mean.Length}.");
        }

        var config = new CausalAutoencoderConfig
        {
            Channels = (inner.Find("base_dim") ?? inner.Find("dim"))?.AsInteger() ?? 96,
            Multipliers = List(inner, "dim_mult", item => item.AsInteger()) ?? [1, 2, 4, 4],
            LayersPerBlock = inner.Find("num_res_blocks")?.AsInteger() ?? 2,
            HalvesFrames = List(inner, "temperal_downsample", item => item.AsFlag()) ?? [false, true, true],
            PictureChannels = (inner.Find("input_channels") ?? inner.Find("in_channels"))?.AsInteger() ?? 3,
            Means = List(inner, "latents_mean", item => (float)item.AsNumber()) ?? s_mean[..channels],
            Deviations = List(inner, "latents_std", item => (float)item.AsNumber()) ?? s_deviation[..channels],
        };
        try
        {
            config.Validate();
            return config;
        }
        catch (ArgumentException error)
        {
            throw new WeightFileException($"{json.File}: {error.Message}", error);
        }
    }

    /// <summary>Checks that the sizes are consistent.</summary>
    /// <exception cref="ArgumentException">They are not; the message names the value.</exception>
    public void Validate()
    {
        Require(Channels is >= 1 and <= 1 << 12, $"{Channels} channels are not possible");
        Require(Multipliers.Count is >= 1 and <= 8 && Multipliers.All(m => m is >= 1 and <= 64), $"levels of {string.Join(", ", Multipliers)} times");
        Require(LayersPerBlock is >= 1 and <= 32, $"1 to 32 layers per block are possible, not {LayersPerBlock}");
        Require(HalvesFrames.Count == Multipliers.Count - 1, $"{Multipliers.Count} levels have {HalvesFrames.Count} steps between them");
        Require(PictureChannels is >= 1 and <= 1 << 12, $"a picture of {PictureChannels} channels is not possible");
        Require(
            Means.Count is >= 1 and <= 1 << 12 && Means.Count == Deviations.Count, $"{Means.Count} means and {Deviations.Count} standard deviations");
        Require(Means.All(float.IsFinite) && Deviations.All(d => d is > 0 and < 1e6f), "means are finite and standard deviations above 0");

        static void Require(bool condition, string message)
        {
            if (!condition)
            {
                throw new ArgumentException($"Causal autoencoder: {message}.");
            }
        }
    }

    private static T[]? List<T>(ForeignJson json, string name, Func<ForeignJson, T> read) => json.Find(name) is not { } list ? null
        : list.AsItems() is { Count: <= 4096 } items ? [.. items.Select(read)] : throw list.Error("is longer than any autoencoder's.");
}
