using System.Collections.Immutable;
using Augur.Sampling;
using Augur.Tensors.Weights;

namespace Augur.Models.UNet;

/// <summary>Reads the <c>config.json</c> of diffusers' <c>UNet2DConditionModel</c>. What is not built is refused by the field's name.</summary>
internal static class UNetConfigFile
{
    /// <summary>The class that such a configuration names.</summary>
    public const string ClassName = "UNet2DConditionModel";

    private const int MostLevels = 8;

    // Fields with the one value that is built, which is also the class's default.
    private static readonly (string Field, string Value)[] s_words =
    [
        ("act_fn", "silu"), ("resnet_time_scale_shift", "default"), ("time_embedding_type", "positional"), ("attention_type", "default"),
    ];

    private static readonly (string Field, double Value)[] s_numbers =
    [
        ("freq_shift", 0), ("downsample_padding", 1), ("mid_block_scale_factor", 1), ("norm_eps", 1e-5), ("conv_in_kernel", 3),
        ("conv_out_kernel", 3), ("resnet_out_scale_factor", 1),
    ];

    private static readonly string[] s_off =
    [
        "center_input_sample", "only_cross_attention", "dual_cross_attention", "resnet_skip_time_act", "class_embeddings_concat",
        "mid_block_only_cross_attention",
    ];

    private static readonly string[] s_absent =
    [
        "class_embed_type", "num_class_embeds", "encoder_hid_dim", "encoder_hid_dim_type", "time_embedding_dim", "time_embedding_act_fn",
        "timestep_post_act", "cross_attention_norm", "reverse_transformer_layers_per_block", "num_attention_heads",
    ];

    /// <summary>The sizes in a configuration.</summary>
    /// <param name="json">Of the network's folder.</param>
    /// <param name="prediction">What the output means, which the pipeline's scheduler says.</param>
    /// <exception cref="WeightFileException">
    /// A field is missing, or describes a network that is not built; the message names the file and the field.
    /// </exception>
    public static UNetConfig Read(ForeignJson json, Prediction prediction = Prediction.Epsilon)
    {
        if (json.Find("_class_name") is { } name && name.AsText() != ClassName)
        {
            throw name.Error($"is {WeightFileException.Quote(name.AsText())}; '{ClassName}' is built.");
        }

        RequireBuilt(json);
        var channels = Numbers(json, "block_out_channels", [320, 640, 1280, 1280]);
        var attended = AttendedLevels(json, channels.Length);
        var depths = PerLevel(json, "transformer_layers_per_block", channels.Length, 1);
        var added = json.Find("addition_embed_type") is null ? (0, 6, 256) : Added(json);
        try
        {
            return new UNetConfig
            {
                InChannels = json.Find("in_channels")?.AsInteger() ?? 4,
                OutChannels = json.Find("out_channels")?.AsInteger() ?? 4,
                BlockChannels = channels,
                LayersPerBlock = Same(json, PerLevel(json, "layers_per_block", channels.Length, 2), "layers_per_block"),
                TransformerDepths = [.. depths.Select((depth, level) => attended[level] ? depth : 0)],
                MiddleDepth = HasMiddle(json) ? depths[^1] : 0,
                HeadCounts = PerLevel(json, "attention_head_dim", channels.Length, 8), // the number of heads, whatever it is called
                CrossChannels = json.Find("cross_attention_dim")?.AsInteger() ?? 1280,
                NormGroups = json.Find("norm_num_groups")?.AsInteger() ?? 32,
                HasLinearProjections = json.Find("use_linear_projection")?.AsFlag() ?? false,
                PooledChannels = added.Item1,
                SizeCount = added.Item2,
                SizeChannels = added.Item3,
                GuidanceChannels = json.Find("time_cond_proj_dim")?.AsInteger() ?? 0,
                ComparesWithZeros = added.Item1 > 0,
                Prediction = prediction,
                LatentHeight = json.Find("sample_size")?.AsInteger() ?? 64,
                LatentWidth = json.Find("sample_size")?.AsInteger() ?? 64,
            }.Validated();
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new WeightFileException($"{json.File}: {error.Message}", error);
        }
    }

    private static void RequireBuilt(ForeignJson json)
    {
        foreach (var (field, value) in s_words)
        {
            _ = json.Find(field) is { } word && word.AsText() != value
                ? throw word.Error($"is {WeightFileException.Quote(word.AsText())}; only '{value}' is built.") : field;
        }

        foreach (var (field, value) in s_numbers)
        {
            _ = json.Find(field) is { } number && number.AsNumber() != value
                ? throw number.Error(FormattableString.Invariant($"is {number.AsNumber()}; only {value} is built.")) : field;
        }

        foreach (var field in s_off)
        {
            _ = json.Find(field) is { } flag && (flag.IsList ? flag.AsItems().Any(item => item.AsFlag()) : flag.AsFlag())
                ? throw flag.Error("is true; only false is built.") : field;
        }

        foreach (var field in s_absent)
        {
            _ = json.Find(field) is { } set ? throw set.Error("is set, and networks with it are not built.") : field;
        }

        if (json.Find("flip_sin_to_cos") is { } flip && !flip.AsFlag())
        {
            throw flip.Error("is false; only true is built.");
        }
    }

    // Which levels have attention; those on the way up must be the same.
    private static bool[] AttendedLevels(ForeignJson json, int levels)
    {
        string[] usual = ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"];
        string[] usualUp = ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"];
        var down = Blocks("down_block_types", usual, "CrossAttnDownBlock2D", "DownBlock2D");
        var up = Blocks("up_block_types", usualUp, "CrossAttnUpBlock2D", "UpBlock2D").Reverse();
        return down.SequenceEqual(up) ? down
            : throw new WeightFileException(
                $"{json.File}: down_block_types and up_block_types have attention at different levels, which is not built.");

        bool[] Blocks(string field, string[] absent, string with, string without)
        {
            var items = json.Find(field)?.AsItems();
            var types = items?.Select(item => item.AsText() is var type && (type == with || type == without) ? type
                : throw item.Error($"is {WeightFileException.Quote(type)}; '{with}' and '{without}' are built.")).ToArray() ?? absent;
            return types.Length == levels ? Array.ConvertAll(types, type => type == with)
                : throw new WeightFileException($"{json.File}: {field} has {types.Length} entries for {levels} levels.");
        }
    }

    private static bool HasMiddle(ForeignJson json) => json.Find("mid_block_type") is not { } type
        || (type.AsText() == "UNetMidBlock2DCrossAttn" ? true
        : throw type.Error($"is {WeightFileException.Quote(type.AsText())}; 'UNetMidBlock2DCrossAttn' is built."));

    // Pooled text and sizes: SDXL has six sizes, its refiner, which alone reads texts of 1280 channels, five.
    private static (int Pooled, int Sizes, int SizeChannels) Added(ForeignJson json)
    {
        var type = json.Require("addition_embed_type");
        if (type.AsText() != "text_time")
        {
            throw type.Error($"is {WeightFileException.Quote(type.AsText())}; 'text_time' is built.");
        }

        var width = json.Require("addition_time_embed_dim").AsInteger();
        var whole = json.Require("projection_class_embeddings_input_dim");
        var sizes = json.Find("cross_attention_dim")?.AsInteger() == 1280 && whole.AsInteger() == 1280 + (5L * width) ? 5 : 6;
        var pooled = whole.AsInteger() - ((long)sizes * width);
        return pooled is > 0 and <= int.MaxValue ? ((int)pooled, sizes, width)
            : throw whole.Error($"is {whole.AsInteger()}, which leaves no channel of text beside {sizes} sizes of {width}.");
    }

    private static ImmutableArray<int> Numbers(ForeignJson json, string field, int[] absent)
    {
        if (json.Find(field) is not { } list)
        {
            return [.. absent];
        }

        var items = list.AsItems();
        return items.Count is > 0 and <= MostLevels ? [.. items.Select(item => item.AsInteger())]
            : throw list.Error($"has {items.Count} entries; 1 to {MostLevels} levels are built.");
    }

    private static ImmutableArray<int> PerLevel(ForeignJson json, string field, int levels, int absent)
    {
        if (json.Find(field) is not { IsList: true } list)
        {
            return [.. Enumerable.Repeat(json.Find(field)?.AsInteger() ?? absent, levels)];
        }

        var items = list.AsItems();
        return items.Count != levels ? throw list.Error($"has {items.Count} entries for {levels} levels.")
            : items.Any(item => item.IsList) ? throw list.Error("has lists for its levels, which is not built.")
            : [.. items.Select(item => item.AsInteger())];
    }

    private static int Same(ForeignJson json, ImmutableArray<int> values, string field) => values.All(value => value == values[0]) ? values[0]
        : throw new WeightFileException($"{json.File}: {field} differs from level to level, which is not built.");
}
