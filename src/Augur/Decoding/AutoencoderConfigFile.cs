using System.Text;
using System.Text.Json;
using Augur.Tensors.Weights;

namespace Augur.Decoding;

/// <summary>
/// Reads an <see cref="AutoencoderConfig"/> from a <c>config.json</c> or, where there is none, from the shapes of an original checkpoint.
/// </summary>
internal static class AutoencoderConfigFile
{
    /// <summary>Reads a configuration of the diffusers or the original layout, recognised by its keys.</summary>
    /// <param name="name">Name of the file, for messages.</param>
    /// <param name="json">
    /// diffusers: <c>block_out_channels</c>, <c>layers_per_block</c>, <c>latent_channels</c>, <c>norm_num_groups</c>, <c>scaling_factor</c> and so
    /// on. Original: <c>ch</c>, <c>ch_mult</c>, <c>num_res_blocks</c>, <c>z_channels</c>, <c>scale_factor</c>, <c>shift_factor</c>, possibly inside
    /// <c>params</c>.
    /// </param>
    /// <exception cref="WeightFileException">It is of neither layout, or asks for something that is not supported.</exception>
    public static AutoencoderConfig Parse(string name, string json) => Parse(ForeignJson.Parse(name, Encoding.UTF8.GetBytes(json)));

    /// <inheritdoc cref="Parse(string, string)"/>
    public static AutoencoderConfig Parse(string name, JsonElement json) => Parse(name, json.GetRawText());

    /// <inheritdoc cref="Parse(string, string)"/>
    public static AutoencoderConfig Parse(ForeignJson json)
    {
        try
        {
            var inner = json.Find("params") ?? json;
            var config = json.Find("block_out_channels") is not null ? FromDiffusers(json)
                : inner.Find("ch_mult") is not null ? FromOriginal(inner)
                : throw new WeightFileException(
                    $"{json.File}: it has neither 'block_out_channels' nor 'ch_mult', so it does not describe an autoencoder.");
            config.Validate();
            return config;
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new WeightFileException($"{json.File}: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Whether a configuration describes an autoencoder, not another part of a pipeline.</summary>
    internal static bool IsOne(ForeignJson json) => json.Find("block_out_channels") is not null
        ? json.Find("_class_name") is not { } name || name.AsText().Contains("Autoencoder", StringComparison.Ordinal)
        : (json.Find("params") is { IsObject: true } inner ? inner : json).Find("ch_mult") is not null;

    /// <summary>
    /// Reads the sizes from the tensor shapes of a checkpoint in either layout, with 32 groups in every normalisation. The scale of latents is not
    /// among them: it is taken to be FLUX.1's for 16 channels (0.3611, shift 0.1159) and Stable Diffusion 1's for 4 channels (0.18215). An
    /// autoencoder of the same shape but another scale, such as SDXL's (0.13025), needs a configuration.
    /// </summary>
    /// <exception cref="WeightFileException">The checkpoint has neither layout, or other latent channels.</exception>
    public static AutoencoderConfig Infer(Checkpoint checkpoint, string prefix = "", ScaleAndShift? known = null, int normGroups = 32)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var hasNorm = Contains(checkpoint, $"{prefix}{LatentNorm.Name}.running_mean");
        var (scale, shift) = known is { } given ? (given.Factor, given.Shift) : Extent(checkpoint, $"{prefix}decoder.conv_in.weight", 1) switch
        {
            _ when hasNorm => (1f, 0f),
            4 => (0.18215f, 0f),
            16 => (0.3611f, 0.1159f),
            var channels => throw new WeightFileException(
                $"{checkpoint.Path}: the scale of latents with {channels} channels cannot be told from the file; a config.json beside it is needed."),
        };
        var isOriginal = Contains(checkpoint, $"{prefix}decoder.mid.block_1.norm1.weight");
        string Level(int level) => $"{prefix}decoder.{(isOriginal ? $"up.{level}.block" : $"up_blocks.{level}.resnets")}";
        var levels = Count(checkpoint, n => $"{Level(n)}.0.conv1.weight").Select(n => Extent(checkpoint, n, 0));
        var stem = $"{prefix}encoder.conv_in.weight";
        var config = new AutoencoderConfig
        {
            BlockChannels = [.. isOriginal ? levels : levels.Reverse()], // diffusers counts levels from the latent's resolution
            StemChannels = isOriginal && Contains(checkpoint, stem) ? Extent(checkpoint, stem, 0) : 0,
            LayersPerBlock = Count(checkpoint, n => $"{Level(0)}.{n}.conv1.weight").Count() - 1,
            NormGroups = normGroups,
            LatentChannels = Extent(checkpoint, $"{prefix}decoder.conv_in.weight", 1),
            InputChannels = Contains(checkpoint, stem) ? Extent(checkpoint, stem, 1) : 3,
            OutputChannels = Extent(checkpoint, $"{prefix}decoder.conv_out.weight", 0),
            ScalingFactor = scale,
            ShiftFactor = shift,
            HasLatentNorm = hasNorm,
            HasQuantConv = Contains(checkpoint, $"{prefix}quant_conv.weight") || Contains(checkpoint, $"{prefix}encoder.quant_conv.weight"),
            HasPostQuantConv = Contains(checkpoint, $"{prefix}post_quant_conv.weight")
                || Contains(checkpoint, $"{prefix}decoder.post_quant_conv.weight"),
            HasMidAttention = Contains(checkpoint, $"{prefix}decoder.mid.attn_1.q.weight")
                || checkpoint.Tensors.Keys.Any(n => n.StartsWith($"{prefix}decoder.mid_block.attentions.0.", StringComparison.Ordinal)),
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

    private static AutoencoderConfig FromDiffusers(ForeignJson json)
    {
        RequireEach(json, "down_block_types", "DownEncoderBlock2D");
        RequireEach(json, "up_block_types", "UpDecoderBlock2D");
        if (json.Find("act_fn") is { } activation && activation.AsText() != "silu")
        {
            throw activation.Error($"is {WeightFileException.Quote(activation.AsText())}, but only 'silu' is built.");
        }

        foreach (var key in new[] { "latents_mean", "latents_std" })
        {
            _ = json.Find(key) is { } set ? throw set.Error("is set, but latents are scaled by one factor and one shift here.") : key;
        }

        var hasNorm = json.Find("batch_norm_eps") is not null;
        if (json.Find("patch_size") is { IsList: true } patch && patch.AsItems().Any(side => side.AsInteger() != 2))
        {
            throw patch.Error("is not 2 by 2 cells, and only these are built.");
        }

        return new AutoencoderConfig
        {
            HasLatentNorm = hasNorm,
            LatentNormEpsilon = Single(json, "batch_norm_eps", 1e-4f),
            BlockChannels = [.. Items(json.Require("block_out_channels")).Select(c => c.AsInteger())],
            LayersPerBlock = Integer(json, "layers_per_block", 1),
            LatentChannels = Integer(json, "latent_channels", 4),
            InputChannels = Integer(json, "in_channels", 3),
            OutputChannels = Integer(json, "out_channels", 3),
            NormGroups = Integer(json, "norm_num_groups", 32),
            ScalingFactor = Single(json, "scaling_factor", hasNorm ? 1 : 0.18215f),
            ShiftFactor = Single(json, "shift_factor", 0),
            HasQuantConv = Boolean(json, "use_quant_conv", true),
            HasPostQuantConv = Boolean(json, "use_post_quant_conv", true),
            HasMidAttention = Boolean(json, "mid_block_add_attention", true),
        };
    }

    private static AutoencoderConfig FromOriginal(ForeignJson json)
    {
        var stem = json.Require("ch").AsInteger();
        return new AutoencoderConfig
        {
            BlockChannels = [.. Items(json.Require("ch_mult")).Select(m => checked(m.AsInteger() * stem))],
            StemChannels = stem,
            LayersPerBlock = json.Require("num_res_blocks").AsInteger(),
            LatentChannels = json.Require("z_channels").AsInteger(),
            InputChannels = Integer(json, "in_channels", 3),
            OutputChannels = Integer(json, "out_ch", 3),
            ScalingFactor = (float)json.Require("scale_factor").AsNumber(),
            ShiftFactor = Single(json, "shift_factor", 0),

            // Stable Diffusion's original configuration names the width of its 1x1 convolutions; FLUX has none.
            HasQuantConv = json.Find("embed_dim") is not null,
            HasPostQuantConv = json.Find("embed_dim") is not null,
        };
    }

    // Lists longer than any autoencoder has are refused before their items are read.
    private static IReadOnlyList<ForeignJson> Items(ForeignJson list) => list.AsItems() is { Count: <= 8 } items ? items
        : throw list.Error("has more than 8 levels.");

    private static void RequireEach(ForeignJson json, string key, string expected)
    {
        foreach (var type in json.Find(key)?.AsItems() ?? [])
        {
            if (type.AsText() != expected)
            {
                throw type.Error($"is {WeightFileException.Quote(type.AsText())}, but only '{expected}' is built.");
            }
        }
    }

    private static int Integer(ForeignJson json, string key, int absent) => json.Find(key)?.AsInteger() ?? absent;

    private static float Single(ForeignJson json, string key, float absent) => (float)(json.Find(key)?.AsNumber() ?? absent);

    private static bool Boolean(ForeignJson json, string key, bool absent) => json.Find(key)?.AsFlag() ?? absent;

    private static bool Contains(Checkpoint checkpoint, string name) => checkpoint.Tensors.ContainsKey(name);

    private static IEnumerable<string> Count(Checkpoint checkpoint, Func<int, string> name) =>
        Enumerable.Range(0, 64).Select(name).TakeWhile(n => Contains(checkpoint, n));

    private static int Extent(Checkpoint checkpoint, string name, int axis) =>
        !checkpoint.Tensors.TryGetValue(name, out var tensor) ? throw new WeightFileException($"{checkpoint.Path}: tensor '{name}' is missing.")
        : tensor.Shape.Rank == 4 ? tensor.Shape[axis]
        : throw new WeightFileException($"{checkpoint.Path}: tensor '{name}' has shape {tensor.Shape}, but a convolution's weight has four axes.");
}
