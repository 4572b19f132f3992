using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>
/// What a U-Net tells of itself: the whole network; a level for every skip connection, which is what comes up to the layer that reads it, so that it
/// lies inside the level of the connection around it; the layers on the way down; transformer blocks with three branches each. FLOPs are those of
/// matrix products; a multiply-add is 2.
/// </summary>
internal sealed class UNetMap
{
    private readonly UNetConfig _config;
    private readonly UNetSkip[] _skips;
    private readonly Shape[] _sizes;
    private readonly long _text;
    private readonly List<NetworkSite> _sites = [];
    private int _block;

    private UNetMap(UNetConfig config, Shape grid, int text) =>
        (_config, _skips, _sizes, _text) = (config, UNetSkip.AllOf(config), Sizes(config, grid), text);

    /// <summary>Describes the network for pictures of a size, and for texts that count as so many tokens.</summary>
    public static NetworkMap Of(UNetConfig config, Shape grid, int text)
    {
        var map = new UNetMap(config, grid, text);
        map.AddAll(grid);
        return new NetworkMap(map._sites, [new TokenRange(TokenGroup.All, 0, (int)grid.ElementCount, grid)], []);
    }

    /// <summary>Height and width of each skip connection, for a latent of [height, width].</summary>
    public static Shape[] Sizes(UNetConfig config, Shape grid)
    {
        var levels = new Shape[config.LevelCount];
        levels[0] = grid;
        for (var level = 1; level < levels.Length; level++)
        {
            levels[level] = [(levels[level - 1][0] + 1) / 2, (levels[level - 1][1] + 1) / 2];
        }

        return [.. UNetSkip.AllOf(config).Select(skip => levels[skip.Level])];
    }

    private void AddAll(Shape grid)
    {
        int cells = (int)grid.ElementCount, outer = _config.BlockChannels[0], time = _config.TimeChannels;
        var embedders = ((long)outer * time) + ((long)time * time)
            + ((long)_config.GuidanceChannels * outer)
            + (_config.AddedChannels == 0 ? 0 : ((long)_config.AddedChannels * time) + ((long)time * time));
        var ends = Convolution(cells, _config.InChannels, outer) + Convolution(cells, outer, _config.OutChannels);
        var last = Layer(cells, _skips[0].UpInputs, outer, _config.TransformerDepths[0]);
        _sites.Add(new(Site.Output, [cells, _config.InChannels], [cells, _config.OutChannels], 2 * (embedders + ends + last), 0)
        {
            Signals = [Signal.NetworkInput],
        });
        AddLevel(0);
        AddBlocks(0, _config.TransformerDepths[0], cells);
    }

    private void AddLevel(int index)
    {
        var (skip, inner) = (_skips[index], _config.LevelCount - 1);
        int cells = (int)_sizes[index].ElementCount, deepest = _config.BlockChannels[inner];
        Shape input = [cells, skip.Channels], feature = [cells, skip.UpInputs - skip.Channels];
        if (index == _skips.Length - 1)
        {
            var middle = Layer(cells, deepest, deepest, _config.MiddleDepth) + Layer(cells, deepest, deepest, 0);
            _sites.Add(new(Site.Level(index), input, feature, 2 * middle, 0));
            AddBlocks(inner, _config.MiddleDepth, cells);
            return;
        }

        var next = _skips[index + 1];
        int channels = _config.BlockChannels[next.Level], depth = _config.TransformerDepths[next.Level];
        var within = (int)_sizes[index + 1].ElementCount;
        var down = next.IsHalving ? Convolution(within, next.Channels, next.Channels) : Layer(within, next.DownInputs, channels, depth);
        var up = Layer(within, next.UpInputs, channels, depth) + (next.IsHalving ? Convolution(cells, channels, channels) : 0);
        _sites.Add(new(Site.Level(index), input, feature, 2 * up, 0));
        _sites.Add(new(Site.Down(index + 1), [cells, skip.Channels], [within, next.Channels], 2 * down, 0));
        AddBlocks(next.Level, next.IsHalving ? 0 : depth, within);
        AddLevel(index + 1);
        AddBlocks(next.Level, depth, within);
    }

    private void AddBlocks(int level, int depth, int cells)
    {
        long c = _config.BlockChannels[level], n = cells, d = _config.CrossChannels;
        Shape stream = [(int)n, (int)c];
        for (var i = 0; i < depth; i++, _block++)
        {
            _sites.Add(new(Site.Block(_block), stream, stream, 0, 0));
            _sites.Add(new(Site.Attention(_block), stream, stream, 2 * 2 * n * c * c, 2 * ((2 * c * c) + (2 * n * c)))
            {
                Signals = [Signal.AttentionReceived, Signal.ValueNorms],
                FlopsPerPair = 2 * 2 * c,
            });
            _sites.Add(new(Site.CrossAttention(_block), stream, stream, 2 * 2 * _text * d * c, 2 * ((2 * c * c) + (2 * _text * c))));
            _sites.Add(new(Site.Mlp(_block), stream, stream, 0, 2 * 12 * c * c));
        }
    }

    // Multiply-adds of a layer without its transformer blocks.
    private long Layer(int cells, int inputs, int outputs, int depth) =>
        Convolution(cells, inputs, outputs) + Convolution(cells, outputs, outputs) + ((long)_config.TimeChannels * outputs)
        + (inputs == outputs ? 0 : (long)cells * inputs * outputs) + (depth == 0 ? 0 : 2L * cells * outputs * outputs);

    private static long Convolution(int cells, int inputs, int outputs) => 9L * cells * inputs * outputs;
}
