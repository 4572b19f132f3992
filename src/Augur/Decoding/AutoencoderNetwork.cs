namespace Augur.Decoding;

/// <summary>Builds the stages of encoder and decoder (Rombach et al., 2022, appendix E), reading their weights by the names of a layout.</summary>
internal sealed class AutoencoderNetwork(AutoencoderConfig config, AutoencoderWeights weights, IAutoencoderNames names)
{
    private const int MidBlocks = 2;
    private readonly List<IStage> _stages = [];
    private string _half = "";
    private int _channels;

    private int Deepest => config.BlockChannels.Count - 1;

    /// <summary>The encoder: [batch, height, width, image channels] to moments [batch, latentHeight, latentWidth, 2 · latent channels].</summary>
    public StageSequence ReadEncoder()
    {
        Begin("encoder", config.StemChannels == 0 ? config.BlockChannels[0] : config.StemChannels, config.InputChannels);
        for (var level = 0; level <= Deepest; level++)
        {
            for (var i = 0; i < config.LayersPerBlock; i++)
            {
                AddResidual(names.DownBlock(level, i), config.BlockChannels[level]);
            }

            if (level < Deepest)
            {
                var name = Full(names.Downsampler(level));
                _stages.Add(new DownsampleStage(Plain(name), weights.Convolution(name, _channels, _channels)));
            }
        }

        AddMiddle();
        AddOutput(2 * config.LatentChannels);
        if (config.HasQuantConv)
        {
            var convolution = weights.Pointwise(Nested("quant_conv"), 2 * config.LatentChannels, 2 * config.LatentChannels);
            _stages.Add(new PointwiseStage("quant_conv", convolution));
        }

        return new StageSequence([.. _stages]);
    }

    /// <summary>The decoder: [batch, latentHeight, latentWidth, latent channels] to pixels [batch, height, width, image channels].</summary>
    public StageSequence ReadDecoder()
    {
        Begin("decoder", config.BlockChannels[Deepest], config.LatentChannels);
        if (config.HasPostQuantConv)
        {
            var convolution = weights.Pointwise(Nested("post_quant_conv"), config.LatentChannels, config.LatentChannels);
            _stages.Insert(0, new PointwiseStage("post_quant_conv", convolution));
        }

        AddMiddle();
        for (var level = Deepest; level >= 0; level--)
        {
            for (var i = 0; i <= config.LayersPerBlock; i++)
            {
                AddResidual(names.UpBlock(level, i), config.BlockChannels[level]);
            }

            if (level > 0)
            {
                var name = Full(names.Upsampler(level));
                _stages.Add(new UpsampleStage(Plain(name), weights.Convolution(name, _channels, _channels)));
            }
        }

        AddOutput(config.OutputChannels);
        return new StageSequence([.. _stages]);
    }

    private void Begin(string half, int outputs, int inputs)
    {
        _stages.Clear();
        (_half, _channels) = (half, outputs);
        _stages.Add(new ConvolutionStage(Full("conv_in"), weights.Convolution(Full("conv_in"), outputs, inputs)));
    }

    private void AddMiddle()
    {
        for (var i = 0; i < MidBlocks; i++)
        {
            AddResidual(names.MidBlock(i), _channels);
            if (i == 0 && config.HasMidAttention)
            {
                AddAttention(Full(names.MidAttention()));
            }
        }
    }

    private void AddResidual(string name, int outputs)
    {
        name = Full(name);
        _stages.Add(new ResidualStage(
            name,
            weights.Norm($"{name}.norm1", _channels),
            weights.Convolution($"{name}.conv1", outputs, _channels),
            weights.Norm($"{name}.norm2", outputs),
            weights.Convolution($"{name}.conv2", outputs, outputs),
            _channels == outputs ? null : weights.Pointwise($"{name}.{names.Shortcut}", outputs, _channels)));
        _channels = outputs;
    }

    private void AddAttention(string name)
    {
        var parts = names.Attention.FirstOrDefault(a => weights.Contains($"{name}.{a.Query}.weight")) ?? names.Attention[0];
        _stages.Add(new AttentionStage(
            name,
            weights.Norm($"{name}.{parts.Norm}", _channels),
            weights.Pointwise($"{name}.{parts.Query}", _channels, _channels),
            weights.Pointwise($"{name}.{parts.Key}", _channels, _channels),
            weights.Pointwise($"{name}.{parts.Value}", _channels, _channels),
            weights.Pointwise($"{name}.{parts.Output}", _channels, _channels)));
    }

    private void AddOutput(int outputs)
    {
        var name = Full("conv_out");
        _stages.Add(new OutputStage(name, weights.Norm(Full(names.LastNorm), _channels), weights.Convolution(name, outputs, _channels)));
    }

    // FLUX.2's original files have it inside of its half.
    private string Nested(string name) => weights.Contains($"{Full(name)}.weight") ? Full(name) : name;

    private string Full(string name) => $"{_half}.{name}";

    // A stage is named after the module that contains the convolution.
    private static string Plain(string name) => name[..^".conv".Length];
}
