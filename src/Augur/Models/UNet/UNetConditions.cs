using Augur.Conditioning;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>What a U-Net is told besides texts, checked and made into tensors.</summary>
internal static class UNetConditions
{
    /// <summary>Refuses numbers that the network does not read, and the lack of those that it does.</summary>
    /// <exception cref="ArgumentException">Names what was given and what is read.</exception>
    public static void Check(UNetConfig config, UNetCondition told)
    {
        var wanted = config.AddedChannels == 0 ? 0 : config.SizeCount;
        if (!told.Sizes.IsDefault && told.Sizes.Length != wanted)
        {
            throw new ArgumentException($"{config} is told {wanted} sizes of the picture, not {told.Sizes.Length}.", nameof(told));
        }

        if (!told.Sizes.IsDefault && told.Sizes.Any(size => !float.IsFinite(size)))
        {
            throw new ArgumentException($"{config}: a size of the picture is not finite.", nameof(told));
        }

        if (told.Extra.IsDefault == config.ExtraChannels > 0)
        {
            throw new ArgumentException(
                config.ExtraChannels > 0
                    ? $"{config} reads {config.ExtraChannels} channels beside the latent's {config.OutChannels} (UNetCondition.Extra), "
                        + "and none are given."
                    : $"{config} reads no channels beside the latent's {config.OutChannels}, and some are given.",
                nameof(told));
        }
    }

    /// <summary>Refuses further channels of another size than the latent's.</summary>
    public static void CheckExtra(UNetConfig config, Shape grid, IReadOnlyList<EncodedCondition> rows)
    {
        var wanted = config.ExtraChannels * grid.ElementCount;
        foreach (var row in rows.OfType<EncodedUNetCondition>().Where(row => !row.Condition.Extra.IsDefault))
        {
            if (row.Condition.Extra.Length != wanted)
            {
                throw new ArgumentException(
                    $"{config} reads {config.ExtraChannels} channels of {grid[0]}x{grid[1]} cells beside the latent, {wanted} numbers, "
                    + $"not {row.Condition.Extra.Length}.");
            }
        }
    }

    /// <summary>The latents' cells [rows, cells, channels] with each row's further channels behind its own.</summary>
    public static Tensor WithExtra(Tensor cells, EncodedUNetCondition[] rows)
    {
        if (rows[0].Condition.Extra.IsDefault)
        {
            return cells;
        }

        var channels = rows[0].Condition.Extra.Length / cells.Shape[1];
        float[] values = [.. rows.SelectMany(row => row.Condition.Extra)];
        return Tensor.Concatenate([cells, Tensor.From(cells.Backend, values, [rows.Length, channels, cells.Shape[1]]).Permute(0, 2, 1)], 2);
    }

    /// <summary>Each row's sizes of the picture, one row after the other.</summary>
    public static float[] Sizes(UNetConfig config, EncodedUNetCondition[] rows, Shape grid)
    {
        int height = grid[0] * UNetConfig.PixelsPerCell, width = grid[1] * UNetConfig.PixelsPerCell;
        const float GoodScore = 6; // the refiner's aesthetic score, as its pipeline has it for what is wanted
        float[] usual = config.SizeCount == 5 ? [height, width, 0, 0, GoodScore] : [height, width, 0, 0, height, width];
        float[] filled = [.. usual, .. new float[Math.Max(0, config.SizeCount - usual.Length)]];
        return [.. rows.SelectMany(row => row.Condition.Sizes.IsDefault ? filled[..config.SizeCount] : [.. row.Condition.Sizes])];
    }

    /// <summary>The text that guidance compares with where there is no negative one: as many zeros as CLIP's texts have numbers.</summary>
    public static PromptEmbedding Zeros(UNetConfig config) =>
        new([.. new float[config.TextBucket * config.CrossChannels]], config.CrossChannels, [.. new float[config.PooledChannels]]);
}
