namespace Augur.Models.UNet;

/// <summary>Puts the layers of a U-Net together, its transformer blocks numbered in running order: down, middle, up.</summary>
internal sealed class UNetAssembly(UNetConfig config, UNetWeights weights)
{
    private readonly DiffusersUNetNames _names = new(config.LevelCount);
    private int _block;

    /// <summary>The ends of the skip connections from the outermost inwards, and the two parts of the middle.</summary>
    public (UNetEnds[] Ends, UNetLayer Middle, UNetResidual MiddleEnd) Assemble()
    {
        var skips = UNetSkip.AllOf(config);
        var inner = config.LevelCount - 1;
        var downs = skips.Select((skip, i) =>
            weights.Skips[i].Down is { } layer ? Layer(_names.Down(skip.Level, skip.Layer - 1), skip.Level, layer) : null).ToArray();
        var middle = Layer((_names.Middle.First, _names.Middle.Transformer), inner, weights.Middle);
        var ups = new UNetLayer[skips.Length];
        for (var i = skips.Length - 1; i >= 0; i--)
        {
            ups[i] = Layer(_names.Up(skips[i].Level, config.LayersPerBlock - skips[i].Layer), skips[i].Level, weights.Skips[i].Up);
        }

        UNetEnds[] ends = [.. skips.Select((skip, i) => new UNetEnds(
            skip.Level == 0 ? ("", "") : ($"down_blocks.{skip.Level - 1}.downsamplers.0", $"up_blocks.{inner - skip.Level}.upsamplers.0"),
            downs[i],
            weights.Skips[i].Halving,
            ups[i],
            weights.Skips[i].Doubling))];
        return (ends, middle, new UNetResidual(config, _names.Middle.Second, weights.MiddleEnd));
    }

    private UNetLayer Layer((string Residual, string Transformer) name, int level, UNetLayerWeights layer)
    {
        var residual = new UNetResidual(config, name.Residual, layer.Residual);
        if (layer.Transformer is not { } transformer)
        {
            return new(residual, null);
        }

        var first = _block;
        _block += transformer.Blocks.Count;
        return new(residual, new UNetTransformer(config, name.Transformer, first, config.HeadCounts[level], transformer));
    }
}
