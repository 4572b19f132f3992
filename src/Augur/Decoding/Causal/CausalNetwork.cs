using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Decoding.Causal;

/// <summary>Builds the stages of encoder and decoder, reading their weights by the names of a layout; what was read is disposed with this.</summary>
internal sealed class CausalNetwork(CausalAutoencoderConfig config, WeightScope weights, CausalNames names) : IDisposable
{
    private static readonly OriginalCausalNames s_stageNames = new();
    private readonly List<IDisposable> _owned = [];
    private List<IStage> _stages = [];
    private int _channels;

    private int Levels => config.Multipliers.Count;

    /// <summary>
    /// The decoder: normalised latents [frames, latentHeight, latentWidth, latent channels] to pixels [frames', height, width, image channels].
    /// </summary>
    public StageSequence ReadDecoder()
    {
        var z = config.LatentChannels;
        _stages = [new PointwiseStage("denormalise", Own(Scaled(config.Deviations, config.Means)))];
        _stages.Add(new PointwiseStage(s_stageNames.PostQuantConv, Pointwise(names.PostQuantConv, z, z, 5)));
        Begin("decoder", config.Channels * config.Multipliers[^1], z);
        var index = 0;
        for (var level = 0; level < Levels; level++)
        {
            var outputs = config.Channels * config.Multipliers[Levels - 1 - level];
            for (var i = 0; i <= config.LayersPerBlock; i++)
            {
                AddResidual(s_stageNames.Up(index, level, i), names.Up(index, level, i), outputs);
                index++;
            }

            if (level < Levels - 1)
            {
                var (name, doubles) = (names.Up(index, level, null), config.HalvesFrames[Levels - 2 - level]);
                var half = outputs / 2; // what enlarges also halves the channels
                _stages.Add(new CausalUpsampleStage(
                    s_stageNames.Up(index, level, null),
                    Own(weights.Conv2d($"{name}.resample.1", half, outputs, 3)),
                    doubles ? Map($"{name}.time_conv", 2 * outputs, outputs) : null));
                _channels = half;
                index++;
            }
        }

        AddOutput("decoder", config.PictureChannels);
        return new StageSequence([.. _stages]);
    }

    /// <summary>
    /// The encoder: pixels [frames, height, width, image channels] to moments [frames', latentHeight, latentWidth, 2 · latent channels].
    /// </summary>
    public StageSequence ReadEncoder()
    {
        _stages = [];
        Begin("encoder", config.Channels, config.PictureChannels, hasMiddle: false);
        var index = 0;
        for (var level = 0; level < Levels; level++)
        {
            for (var i = 0; i < config.LayersPerBlock; i++)
            {
                AddResidual(s_stageNames.Down(index), names.Down(index), config.Channels * config.Multipliers[level]);
                index++;
            }

            if (level < Levels - 1)
            {
                var name = names.Down(index);
                _stages.Add(new CausalDownsampleStage(
                    s_stageNames.Down(index),
                    Own(weights.Conv2d($"{name}.resample.1", _channels, _channels, 3)),
                    config.HalvesFrames[level] ? Map($"{name}.time_conv", _channels, _channels) : null));
                index++;
            }
        }

        AddMiddle("encoder");
        AddOutput("encoder", 2 * config.LatentChannels);
        _stages.Add(new PointwiseStage(s_stageNames.QuantConv, Pointwise(names.QuantConv, 2 * config.LatentChannels, 2 * config.LatentChannels, 5)));
        return new StageSequence([.. _stages]);
    }

    /// <summary>Normalises encoded means: (mean − channel's mean) / deviation.</summary>
    public PackedLinear Normalisation() => Own(Scaled(
        [.. config.Deviations.Select(d => 1 / d)], [.. config.Means.Zip(config.Deviations, (mean, deviation) => -mean / deviation)]));

    public void Dispose()
    {
        _owned.ForEach(w => w.Dispose());
        _owned.Clear();
    }

    private void Begin(string half, int outputs, int inputs, bool hasMiddle = true)
    {
        _channels = outputs;
        _stages.Add(new CausalConvolutionStage(s_stageNames.First(half), Convolution(names.First(half), outputs, inputs)));
        if (hasMiddle)
        {
            AddMiddle(half);
        }
    }

    private void AddMiddle(string half)
    {
        AddResidual(s_stageNames.Middle(half, 0), names.Middle(half, 0), _channels);
        var name = names.Middle(half, 1);
        _stages.Add(new FrameAttentionStage(
            s_stageNames.Middle(half, 1),
            Norm($"{name}.norm", _channels, 3),
            Pointwise($"{name}.to_qkv", 3 * _channels, _channels, 4),
            Pointwise($"{name}.proj", _channels, _channels, 4)));
        AddResidual(s_stageNames.Middle(half, 2), names.Middle(half, 2), _channels);
    }

    private void AddResidual(string stage, string name, int outputs)
    {
        var parts = names.Residual;
        _stages.Add(new CausalResidualStage(
            stage,
            Norm($"{name}.{parts.Norm1}", _channels, 4),
            Convolution($"{name}.{parts.Conv1}", outputs, _channels),
            Norm($"{name}.{parts.Norm2}", outputs, 4),
            Convolution($"{name}.{parts.Conv2}", outputs, outputs),
            _channels == outputs ? null : Pointwise($"{name}.{parts.Shortcut}", outputs, _channels, 5)));
        _channels = outputs;
    }

    private void AddOutput(string half, int outputs) => _stages.Add(new CausalOutputStage(
        half, Norm(names.LastNorm(half), _channels, 4), Convolution(names.Last(half), outputs, _channels)));

    // Stored [outputs, inputs, 3 frames, 3, 3]; one kernel of pictures for each frame.
    private CausalConvolution Convolution(string name, int outputs, int inputs)
    {
        using var scope = TensorScope.Begin();
        var frames = weights.Tensor($"{name}.weight", [outputs, inputs, 3, 3, 3]);
        using var taps = frames.Permute(2, 0, 3, 4, 1).Reshape([3, outputs, 9 * inputs]);
        frames.Dispose();
        using var bias = weights.SingleTensor($"{name}.bias", [outputs]);
        return new(Tap(0, null), Tap(1, null), Tap(2, bias));

        PackedConv2d Tap(int frame, Tensor? with) => Own(new PackedConv2d(
            weights.Backend.Pack(taps.Rows(frame, 1).Reshape([outputs, 9 * inputs]), with), 3, 3, inputs));
    }

    // Stored [outputs, inputs, 3 frames, 1, 1].
    private CausalMap Map(string name, int outputs, int inputs)
    {
        using var scope = TensorScope.Begin();
        var frames = weights.Tensor($"{name}.weight", [outputs, inputs, 3, 1, 1]);
        using var taps = frames.Permute(2, 0, 1, 3, 4).Reshape([3, outputs, inputs]);
        frames.Dispose();
        using var bias = weights.SingleTensor($"{name}.bias", [outputs]);
        return new(Tap(0, null), Tap(1, null), Tap(2, bias));

        PackedLinear Tap(int frame, Tensor? with) => Own(weights.Backend.Pack(taps.Rows(frame, 1).Reshape([outputs, inputs]), with));
    }

    // Stored [outputs, inputs, 1, …] with as many axes as a convolution of its kind has.
    private PackedLinear Pointwise(string name, int outputs, int inputs, int rank)
    {
        using var scope = TensorScope.Begin();
        using var weight = weights.Tensor($"{name}.weight", new Shape([outputs, inputs, .. Enumerable.Repeat(1, rank - 2)]));
        using var bias = weights.SingleTensor($"{name}.bias", [outputs]);
        return Own(weights.Backend.Pack(weight.Reshape([outputs, inputs]), bias));
    }

    private PixelNorm Norm(string name, int channels, int rank)
    {
        using var scope = TensorScope.Begin();
        using var gamma = weights.SingleTensor($"{name}.gamma", new Shape([channels, .. Enumerable.Repeat(1, rank - 1)]));
        return new PixelNorm(Own(gamma.Reshape([channels]).Copy().Retain()));
    }

    private PackedLinear Scaled(IReadOnlyList<float> factors, IReadOnlyList<float> offsets) =>
        LatentScale.Of(weights.Backend, factors, offsets);

    private T Own<T>(T weight)
        where T : IDisposable
    {
        _owned.Add(weight);
        return weight;
    }
}
