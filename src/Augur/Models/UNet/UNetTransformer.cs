using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>A transformer over the cells of a level, added to what it reads.</summary>
internal sealed class UNetTransformer : IDisposable
{
    private readonly UNetConfig _config;
    private readonly string _name;
    private readonly UNetTransformerWeights _weights;
    private readonly UNetBlock[] _blocks;

    /// <param name="config">Sizes.</param>
    /// <param name="name">Its name in diffusers, under which intermediates are shown.</param>
    /// <param name="firstBlock">Running number of its first block.</param>
    /// <param name="heads">Heads of its blocks.</param>
    /// <param name="weights">Disposed with this.</param>
    public UNetTransformer(UNetConfig config, string name, int firstBlock, int heads, UNetTransformerWeights weights)
    {
        (_config, _name, _weights) = (config, name, weights);
        _blocks = [.. weights.Blocks.Select((block, i) => new UNetBlock(firstBlock + i, heads, $"{name}.transformer_blocks.{i}", block))];
    }

    /// <param name="x">[rows, height, width, channels].</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="door">Answers for each block.</param>
    /// <returns>The same shape.</returns>
    public Tensor Forward(Tensor x, UNetRows rows, IFeatureDoor door)
    {
        Shape cells = [x.Shape[0], x.Shape[1] * x.Shape[2], x.Shape[3]];
        var normalised = x.GroupNorm(_config.NormGroups, _weights.Norm.Weight, _weights.Norm.Bias, UNetConfig.TransformerEpsilon,
            Activation.None, x.ActivationType);
        door.Show($"{_name}.norm.out", normalised);
        var stream = normalised.Reshape(cells).Linear(_weights.Input);
        door.Show($"{_name}.proj_in.out", stream);
        foreach (var block in _blocks)
        {
            using var scope = TensorScope.Begin(); // a block's intermediates die with it, only the stream flows on
            var before = stream;
            stream = door.GetOrCompute(
                Site.Block(block.Layer), before, (h, within) => block.Forward(h, rows.Narrow(within), within, door)).ToTensor();
            if (stream != before)
            {
                stream.Escape();
                before.Dispose();
            }
        }

        var y = stream.Linear(_weights.Output, new LinearEpilogue(Residual: x.Reshape(cells))).Reshape(x.Shape);
        door.Show($"{_name}.out", y);
        return y;
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            block.Dispose();
        }

        _weights.Norm.Dispose();
        _weights.Input.Dispose();
        _weights.Output.Dispose();
    }
}
