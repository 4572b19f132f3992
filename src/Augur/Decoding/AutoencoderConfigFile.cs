using System.Text.Json;
using Augur.Tensors.Weights;

namespace Augur.Decoding;

/// <summary>Reads an <see cref="AutoencoderConfig"/> from a <c>config.json</c> or, where there is none, from the shapes of an original checkpoint.</summary>
public static class AutoencoderConfigFile
{
    /// <summary>Reads the configuration of either layout; they are told apart by their keys.</summary>
    /// <param name="name">What messages call the file.</param>
    /// <param name="json">
    /// diffusers: <c>block_out_channels</c>, <c>layers_per_block</c>, <c>latent_channels</c>, <c>norm_num_groups</c>, <c>scaling_factor</c> and so on.
    /// Original: <c>ch</c>, <c>ch_mult</c>, <c>num_res_blocks</c>, <c>z_channels</c>, <c>scale_factor</c>, <c>shift_factor</c>, possibly inside <c>params</c>.
    /// </param>
    /// <exception cref="WeightFileException">It is neither, or asks for something that this network does not have.</exception>
    public static AutoencoderConfig Parse(string name, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Parse(name, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new WeightFileException($"{name}: not valid JSON ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <inheritdoc cref="Parse(string, string)"/>
    public static AutoencoderConfig Parse(string name, JsonElement json)
    {
        try
        {
            var inner = json.TryGetProperty("params", out var parameters) ? parameters : json;
            var config = json.TryGetProperty("block_out_channels", out _) ? FromDiffusers(json)
                : inner.TryGetProperty("ch_mult", out _) ? FromOriginal(inner)
                : throw new ArgumentException("it has neither 'block_out_channels' nor 'ch_mult', so it does not describe an autoencoder");
            config.Validate();
            return config;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw new WeightFileException($"{name}: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>
    /// Reads the sizes from the tensor shapes of a checkpoint in the original layout. The scale of latents is not among them: it is taken
    /// to be FLUX.1's for 16 channels (0.3611, shift 0.1159) and Stable Diffusion 1's for 4 channels (0.18215). An autoencoder of the same shape
    /// but another scale, such as SDXL's (0.13025), needs a configuration.
    /// </summary>
    /// <exception cref="WeightFileException">The checkpoint does not have that layout, or other latent channels.</exception>
    public static AutoencoderConfig Infer(Checkpoint checkpoint, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var (scale, shift) = Extent(checkpoint, $"{prefix}decoder.conv_in.weight", 1) switch
        {
            4 => (0.18215f, 0f),
            16 => (0.3611f, 0.1159f),
            var channels => throw new WeightFileException(
                $"{checkpoint.Path}: the scale of latents with {channels} channels cannot be told from the file; a config.json beside it is needed."),
        };
        var config = new AutoencoderConfig
        {
            BlockChannels = [.. Count(checkpoint, n => $"{prefix}decoder.up.{n}.block.0.conv1.weight").Select(n => Extent(checkpoint, n, 0))],
            StemChannels = Contains(checkpoint, $"{prefix}encoder.conv_in.weight") ? Extent(checkpoint, $"{prefix}encoder.conv_in.weight", 0) : 0,
            LayersPerBlock = Count(checkpoint, n => $"{prefix}decoder.up.0.block.{n}.conv1.weight").Count() - 1,
            LatentChannels = Extent(checkpoint, $"{prefix}decoder.conv_in.weight", 1),
            InputChannels = Contains(checkpoint, $"{prefix}encoder.conv_in.weight") ? Extent(checkpoint, $"{prefix}encoder.conv_in.weight", 1) : 3,
            OutputChannels = Extent(checkpoint, $"{prefix}decoder.conv_out.weight", 0),
            ScalingFactor = scale,
            ShiftFactor = shift,
            HasQuantConv = Contains(checkpoint, $"{prefix}quant_conv.weight"),
            HasPostQuantConv = Contains(checkpoint, $"{prefix}post_quant_conv.weight"),
            HasMidAttention = Contains(checkpoint, $"{prefix}decoder.mid.attn_1.q.weight"),
        };
        try
        {
            config.Validate();
            return config;
        }
        catch (ArgumentException e)
        {
            throw new WeightFileException($"{checkpoint.Path}: {e.Message}", e);
        }
    }

    private static AutoencoderConfig FromDiffusers(JsonElement json)
    {
        RequireEach(json, "down_block_types", "DownEncoderBlock2D");
        RequireEach(json, "up_block_types", "UpDecoderBlock2D");
        if (json.TryGetProperty("act_fn", out var activation) && activation.GetString() != "silu")
        {
            throw new ArgumentException($"'act_fn' is '{activation.GetString()}', but only 'silu' is built");
        }

        foreach (var key in new[] { "latents_mean", "latents_std" })
        {
            if (json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                throw new ArgumentException($"'{key}' is set, but latents are scaled by one factor and one shift here");
            }
        }

        return new AutoencoderConfig
        {
            BlockChannels = [.. json.GetProperty("block_out_channels").EnumerateArray().Select(c => c.GetInt32())],
            LayersPerBlock = Integer(json, "layers_per_block", 1),
            LatentChannels = Integer(json, "latent_channels", 4),
            InputChannels = Integer(json, "in_channels", 3),
            OutputChannels = Integer(json, "out_channels", 3),
            NormGroups = Integer(json, "norm_num_groups", 32),
            ScalingFactor = Single(json, "scaling_factor", 0.18215f),
            ShiftFactor = Single(json, "shift_factor", 0),
            HasQuantConv = Boolean(json, "use_quant_conv", true),
            HasPostQuantConv = Boolean(json, "use_post_quant_conv", true),
            HasMidAttention = Boolean(json, "mid_block_add_attention", true),
        };
    }

    private static AutoencoderConfig FromOriginal(JsonElement json)
    {
        var stem = json.GetProperty("ch").GetInt32();
        return new AutoencoderConfig
        {
            BlockChannels = [.. json.GetProperty("ch_mult").EnumerateArray().Select(m => checked(m.GetInt32() * stem))],
            StemChannels = stem,
            LayersPerBlock = json.GetProperty("num_res_blocks").GetInt32(),
            LatentChannels = json.GetProperty("z_channels").GetInt32(),
            InputChannels = Integer(json, "in_channels", 3),
            OutputChannels = Integer(json, "out_ch", 3),
            ScalingFactor = json.GetProperty("scale_factor").GetSingle(),
            ShiftFactor = Single(json, "shift_factor", 0),

            // Stable Diffusion's original configuration names the width of its 1x1 convolutions; FLUX has none.
            HasQuantConv = json.TryGetProperty("embed_dim", out _),
            HasPostQuantConv = json.TryGetProperty("embed_dim", out _),
        };
    }

    private static void RequireEach(JsonElement json, string key, string expected)
    {
        if (json.TryGetProperty(key, out var types) && types.EnumerateArray().Select(t => t.GetString()).FirstOrDefault(t => t != expected) is { } other)
        {
            throw new ArgumentException($"'{key}' has '{other}', but only '{expected}' is built");
        }
    }

    // An explicit null means the same as an absent key.
    private static bool Has(JsonElement json, string key, out JsonElement value) =>
        json.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    private static int Integer(JsonElement json, string key, int absent) => Has(json, key, out var value) ? value.GetInt32() : absent;

    private static float Single(JsonElement json, string key, float absent) => Has(json, key, out var value) ? value.GetSingle() : absent;

    private static bool Boolean(JsonElement json, string key, bool absent) => Has(json, key, out var value) ? value.GetBoolean() : absent;

    private static bool Contains(Checkpoint checkpoint, string name) => checkpoint.Tensors.ContainsKey(name);

    private static IEnumerable<string> Count(Checkpoint checkpoint, Func<int, string> name) =>
        Enumerable.Range(0, 64).Select(name).TakeWhile(n => Contains(checkpoint, n));

    private static int Extent(Checkpoint checkpoint, string name, int axis) =>
        !checkpoint.Tensors.TryGetValue(name, out var tensor) ? throw new WeightFileException($"{checkpoint.Path}: tensor '{name}' is missing.")
        : tensor.Shape.Rank == 4 ? tensor.Shape[axis]
        : throw new WeightFileException($"{checkpoint.Path}: tensor '{name}' has shape {tensor.Shape}, but a convolution's weight has four axes.");
}
