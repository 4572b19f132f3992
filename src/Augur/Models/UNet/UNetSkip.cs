namespace Augur.Models.UNet;

/// <summary>Where a skip connection lies, and how wide it is.</summary>
/// <param name="Level">Level of both its ends.</param>
/// <param name="Layer">
/// 0: the first convolution or a halving makes it; otherwise the layer of that number, counted from 1, on the way down. The layer that reads it is as
/// far from the level's end on the way up.
/// </param>
/// <param name="Channels">Its own.</param>
/// <param name="DownInputs">Channels that its layer on the way down reads.</param>
/// <param name="UpInputs">Channels that its layer on the way up reads: those of the way up, then its own.</param>
internal readonly record struct UNetSkip(int Level, int Layer, int Channels, int DownInputs, int UpInputs)
{
    /// <summary>Whether no layer makes it, so that behind its end on the way up the level ends.</summary>
    public bool IsHalving => Layer == 0;

    /// <summary>A skip connection by its number, from the outermost.</summary>
    public static UNetSkip Of(UNetConfig config, int index)
    {
        var (level, layer) = (index / (config.LayersPerBlock + 1), index % (config.LayersPerBlock + 1));
        int here = config.BlockChannels[level], outside = config.BlockChannels[Math.Max(0, level - 1)];
        var inside = config.BlockChannels[Math.Min(config.LevelCount - 1, level + 1)];
        var own = layer == 0 ? outside : here;
        return new(level, layer, own, layer <= 1 ? outside : here, own + (layer == config.LayersPerBlock ? inside : here));
    }

    /// <summary>What the network makes of it, outermost first.</summary>
    public static UNetSkip[] AllOf(UNetConfig config) => [.. Enumerable.Range(0, config.SkipCount).Select(index => Of(config, index))];
}
