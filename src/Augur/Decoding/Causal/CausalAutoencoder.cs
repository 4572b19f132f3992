using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Decoding.Causal;

/// <summary>
/// The autoencoder of Wan 2.1 (Alibaba, arXiv 2503.20314) and Qwen-Image, which maps videos, or single pictures, to smaller latents and back: no
/// frame depends on a later one. One network for the original and diffusers' layout. Immutable after loading; any number of threads may call it.
/// </summary>
/// <remarks>
/// A sequence is decoded as a whole, which equals the released code's frame by frame. A decoding that exceeds
/// <see cref="AutoencoderOptions.MemoryBudget"/> is done in overlapping tiles, blended linearly, which is approximate.
/// </remarks>
public sealed class CausalAutoencoder : IDecoder, ILatentEncoder
{
    private readonly AutoencoderOptions _options;
    private readonly CausalNetwork _network;
    private readonly StageSequence _decoder;
    private readonly StageSequence? _encoder;
    private readonly PackedLinear _normalisation;

    /// <summary>Reads the network from an open checkpoint, which may be closed afterwards. The layout is recognised by its names.</summary>
    /// <param name="checkpoint">Weights in the original or in diffusers' layout.</param>
    /// <param name="config">The network's sizes.</param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <param name="options">Memory budget and which parts to load; null: the defaults.</param>
    /// <exception cref="WeightFileException">A weight is missing, has another shape, or is left over; the message names it.</exception>
    /// <exception cref="ArgumentException">The sizes or options are impossible.</exception>
    public CausalAutoencoder(Checkpoint checkpoint, CausalAutoencoderConfig config, IBackend backend, AutoencoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        (Config, _options) = (config, (options ?? new AutoencoderOptions()).Validated());
        var scope = new WeightScope(checkpoint, backend);
        _network = new CausalNetwork(config, scope, IsOriginal(checkpoint) ? new OriginalCausalNames() : new DiffusersCausalNames());
        try
        {
            _decoder = _network.ReadDecoder();
            var hasEncoder = checkpoint.Tensors.Keys.Any(n => n.StartsWith("encoder.", StringComparison.Ordinal));
            _encoder = _options.WithEncoder && hasEncoder ? _network.ReadEncoder() : null;
            _normalisation = _network.Normalisation();
            if (_encoder is null)
            {
                scope.Ignore("encoder");
                scope.Ignore("quant_conv");
                scope.Ignore("conv1");
            }

            scope.RequireAllUsed();
        }
        catch
        {
            _network.Dispose();
            throw;
        }
    }

    /// <summary>The network's sizes.</summary>
    public CausalAutoencoderConfig Config { get; }

    /// <inheritdoc/>
    public int PixelsPerCell => Config.PixelsPerCell;

    /// <summary>Whether a checkpoint is such an autoencoder.</summary>
    public static bool Is(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return IsOriginal(checkpoint) || checkpoint.Tensors.ContainsKey("decoder.mid_block.resnets.0.norm1.gamma");
    }

    /// <summary>Loads an autoencoder from a weight file, or a folder with one, and the <c>config.json</c> beside it.</summary>
    /// <param name="path">Without a <c>config.json</c> of such an autoencoder the published sizes are taken.</param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <param name="options">Memory budget and which parts to load; null: the defaults.</param>
    /// <exception cref="WeightFileException">The configuration or the weights cannot be read or do not fit each other.</exception>
    public static CausalAutoencoder Load(string path, IBackend backend, AutoencoderOptions? options = null)
    {
        using var checkpoint = Checkpoint.Open(path);
        if (!Is(checkpoint))
        {
            throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a causal autoencoder.");
        }

        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path))!, "config.json");
        var json = File.Exists(beside) ? ForeignJson.Read(beside) : (ForeignJson?)null;
        var isOwn = json is { } known && (known.Find("dim_mult") ?? known.Find("params")?.Find("dim_mult")) is not null;
        var sizes = isOwn ? CausalAutoencoderConfig.Parse(json!.Value) : new CausalAutoencoderConfig();
        return new CausalAutoencoder(checkpoint, sizes, backend, options);
    }

    /// <inheritdoc/>
    /// <param name="latent">
    /// [1, latent channels, latentHeight, latentWidth] of a picture, or with frames before the height of a video, as the sampler leaves it.
    /// </param>
    public Medium Decode(Tensor latent)
    {
        using var scope = TensorScope.Begin();
        var pixels = DecodePixels(latent);
        if (pixels.Shape.Rank == 4)
        {
            return new Picture(RgbImage.FromPixels(pixels).Single());
        }

        var frames = pixels.Permute(0, 2, 1, 3, 4).Reshape([pixels.Shape[2], pixels.Shape[1], pixels.Shape[3], pixels.Shape[4]]);
        return new FrameSequence(RgbImage.FromPixels(frames), Config.FramesPerSecond);
    }

    /// <summary>Decodes to pixel values.</summary>
    /// <param name="latents">[batch, latent channels, latentHeight, latentWidth], or with frames before the height.</param>
    /// <returns>[batch, image channels, height, width], or with frames, nominally in [−1, 1]; in the current scope.</returns>
    /// <exception cref="ArgumentException">The latents have another shape.</exception>
    /// <exception cref="InvalidOperationException">The memory budget is too small even for the smallest tiles.</exception>
    public Tensor DecodePixels(Tensor latents) => DecodePixels(latents, observe: null);

    /// <summary>Encodes pictures or videos to the latents that a model of this autoencoder works on.</summary>
    /// <param name="pixels">
    /// [batch, image channels, height, width] in [−1, 1], or with frames before the height; sides that are no multiple of the pixels per cell, and
    /// frames beyond 1 + a multiple of those that a cell stands for, are left out.
    /// </param>
    /// <returns>Normalised means, [batch, latent channels, …]; in the current scope.</returns>
    /// <exception cref="ArgumentException">The pixels have another shape or are smaller than a latent cell.</exception>
    /// <exception cref="InvalidOperationException">The encoder was not loaded, or the file has none.</exception>
    public Tensor EncodeLatents(Tensor pixels)
    {
        using var scope = TensorScope.Begin();
        return Encode(pixels, observe: null, normalises: true).Mean.Escape();
    }

    /// <summary>Bytes of memory for the features of a decoding without tiles, as <see cref="AutoencoderKl.EstimateDecodeBytes"/>.</summary>
    /// <param name="frames">Of the latent; 1 for a picture.</param>
    /// <param name="latentHeight">In latent cells.</param>
    /// <param name="latentWidth">In latent cells.</param>
    public long EstimateDecodeBytes(int frames, int latentHeight, int latentWidth) => sizeof(float)
        * (1 + ((long)(frames - 1) * Config.FramesPerCell))
        * _decoder.PeakElements(new FeatureSize(latentHeight, latentWidth, Config.LatentChannels));

    /// <summary>Releases the weights.</summary>
    public void Dispose() => _network.Dispose();

    /// <param name="latents">As for the public one.</param>
    /// <param name="observe">Called with the original name and the output [frames, height, width, channels] of every layer.</param>
    internal Tensor DecodePixels(Tensor latents, Action<string, Tensor>? observe)
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (latents.Shape.Rank is not (4 or 5) || latents.Shape[1] != Config.LatentChannels || latents.Shape.ElementCount == 0)
        {
            throw new ArgumentException($"Decode: {latents.Shape} is not [batch, {Config.LatentChannels}, (frames,) height, width].");
        }

        using var scope = TensorScope.Begin();
        var (frames, height, width) = (latents.Shape.Rank == 5 ? latents.Shape[2] : 1, latents.Shape[^2], latents.Shape[^1]);
        var tiles = DecodeTiles.Plan(
            height, width, _options.TileOverlap, (h, w) => EstimateDecodeBytes(frames, h, w) <= _options.MemoryBudget)
            ?? throw new InvalidOperationException(
                $"Decode: no tile of {frames} frames of {height}x{width} cells fits {_options.MemoryBudget} bytes with {_options.TileOverlap} shared "
                + $"cells; the whole needs {EstimateDecodeBytes(frames, height, width)}.");
        return EachSample(latents, x => tiles is { Tops.Length: 1, Lefts.Length: 1 }
            ? _decoder.Forward(x, observe)
            : tiles.Decode(x, PixelsPerCell, Config.PictureChannels, tile => _decoder.Forward(tile, observe))).Escape();
    }

    /// <param name="pixels">As for <see cref="EncodeLatents"/>.</param>
    /// <param name="observe">Called with the original name and the output of every layer.</param>
    /// <param name="normalises">Whether the mean is normalised.</param>
    internal LatentDistribution Encode(Tensor pixels, Action<string, Tensor>? observe, bool normalises)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var encoder = _encoder
            ?? throw new InvalidOperationException("Encode: this autoencoder was loaded without its encoder, or its file has none.");
        if (pixels.Shape.Rank is not (4 or 5) || pixels.Shape.ElementCount == 0 || pixels.Shape[1] != Config.PictureChannels
            || pixels.Shape[^1] < PixelsPerCell || pixels.Shape[^2] < PixelsPerCell)
        {
            throw new ArgumentException(
                $"Encode: {pixels.Shape} is not [batch, {Config.PictureChannels}, (frames,) height, width] with sides of at least {PixelsPerCell}.");
        }

        using var scope = TensorScope.Begin();
        var moments = EachSample(pixels, x =>
        {
            var kept = 1 + ((x.Shape[0] - 1) / Config.FramesPerCell * Config.FramesPerCell);
            return encoder.Forward(x.Rows(0, kept), observe);
        });
        var half = Config.LatentChannels;
        var mean = moments.Slice(1, 0, half);
        return new LatentDistribution(
            (normalises ? EachSample(mean, x => x.Linear(_normalisation)) : mean).Escape(), moments.Slice(1, half, half).Escape());
    }

    private static bool IsOriginal(Checkpoint checkpoint) => checkpoint.Tensors.ContainsKey("decoder.middle.0.residual.0.gamma");

    // Runs [frames, height, width, channels] of every sample; the result has frames if the input has.
    private static Tensor EachSample(Tensor samples, Func<Tensor, Tensor> run)
    {
        var hasFrames = samples.Shape.Rank == 5;
        return Tensor.Concatenate(
            [
                .. Enumerable.Range(0, samples.Shape[0]).Select(i =>
                {
                    using var scope = TensorScope.Begin();
                    var (one, shape) = (samples.Rows(i, 1), samples.Shape);
                    Shape channelsFirst = [shape[1], hasFrames ? shape[2] : 1, shape[^2], shape[^1]];
                    var y = run(one.Reshape(channelsFirst).Permute(1, 2, 3, 0)).Permute(3, 0, 1, 2); // [channels, frames, height, width]
                    var size = y.Shape;
                    return y.Reshape(hasFrames ? [1, size[0], size[1], size[2], size[3]] : [1, size[0], size[2], size[3]]).Escape();
                }),
            ],
            0);
    }
}
