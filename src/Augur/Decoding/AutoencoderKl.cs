using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Decoding;

/// <summary>The encoder's output: a Gaussian per latent element, before scaling.</summary>
/// <param name="Mean">[batch, latent channels, latentHeight, latentWidth].</param>
/// <param name="LogVariance">Same shape, limited to −30 to 20.</param>
public readonly record struct LatentDistribution(Tensor Mean, Tensor LogVariance);

/// <summary>The scale of a model's latents: (mean − shift) · factor.</summary>
internal readonly record struct ScaleAndShift(float Factor, float Shift = 0);

/// <summary>
/// The autoencoder of Stable Diffusion, FLUX and FLUX.2 (Rombach et al., 2022), which maps pictures to smaller latents and back. One network for the
/// diffusers and the original checkpoint layout. Immutable after loading; any number of threads may call it.
/// </summary>
/// <remarks>
/// A decoding that exceeds <see cref="AutoencoderOptions.MemoryBudget"/> is done in overlapping tiles, blended linearly. Tiling is approximate: group
/// normalisation and the middle attention are computed per tile, so that colours can drift between tiles and details differ near seams. Without
/// tiling the result is exact.
/// </remarks>
public sealed class AutoencoderKl : IDecoder, ILatentEncoder
{
    private const string OriginalPrefix = "first_stage_model.";
    private readonly IBackend _backend;
    private readonly AutoencoderOptions _options;
    private readonly AutoencoderWeights _weights;
    private readonly StageSequence _decoder;
    private readonly StageSequence? _encoder;
    private readonly LatentNorm? _norm;

    /// <summary>Reads the network from an open checkpoint, which may be closed afterwards. The layout is recognised by its names.</summary>
    /// <param name="checkpoint">
    /// Weights in the diffusers or the original layout; in the latter, names may have the prefix <c>first_stage_model.</c>.
    /// </param>
    /// <param name="config">The network's sizes.</param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <param name="options">Memory budget and which parts to load; null: the defaults.</param>
    /// <exception cref="WeightFileException">A weight is missing, has another shape, or is left over; the message names it.</exception>
    /// <exception cref="ArgumentException">The sizes or options are impossible.</exception>
    public AutoencoderKl(Checkpoint checkpoint, AutoencoderConfig config, IBackend backend, AutoencoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        (Config, _backend, _options) = (config, backend, (options ?? new AutoencoderOptions()).Validated());
        var prefix = Prefix(checkpoint);
        _weights = new AutoencoderWeights(checkpoint, backend, prefix, config.NormGroups);
        try
        {
            IAutoencoderNames names = IsOriginal(checkpoint, prefix) ? new OriginalNames() : new DiffusersNames(config.BlockChannels.Count);
            var network = new AutoencoderNetwork(config, _weights, names);
            _decoder = network.ReadDecoder();
            _encoder = _options.WithEncoder && HasEncoder(checkpoint, prefix) ? network.ReadEncoder() : null;
            _norm = config.HasLatentNorm ? _weights.LatentNorm(config.LatentChannels, config.LatentNormEpsilon) : null;
            IgnoreOthers();
            _weights.RequireAllUsed();
        }
        catch
        {
            _weights.Dispose();
            throw;
        }
    }

    /// <summary>The network's sizes.</summary>
    public AutoencoderConfig Config { get; }

    /// <inheritdoc/>
    public int PixelsPerCell => Config.PixelsPerCell * Config.LatentPatch;

    /// <summary>Loads an autoencoder from a weight file, or a folder with one, and the <c>config.json</c> beside it.</summary>
    /// <param name="path">
    /// Without a <c>config.json</c> of an autoencoder, the shapes give the sizes; see <see cref="AutoencoderConfigFile.Infer"/>.
    /// </param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <param name="options">Memory budget and which parts to load; null: the defaults.</param>
    /// <exception cref="WeightFileException">The configuration or the weights cannot be read or do not fit each other.</exception>
    public static AutoencoderKl Load(string path, IBackend backend, AutoencoderOptions? options = null)
    {
        using var checkpoint = Checkpoint.Open(path);
        return new AutoencoderKl(checkpoint, ReadConfig(checkpoint, null), backend, options);
    }

    /// <summary>Loads an autoencoder from an open checkpoint, as <see cref="Load(string, IBackend, AutoencoderOptions)"/> does from a file.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <param name="scale">Of latents where no configuration gives it; null: what the shapes make likely.</param>
    /// <param name="normGroups">Groups of normalisation where no configuration gives them.</param>
    internal static AutoencoderKl Load(Checkpoint checkpoint, IBackend backend, ScaleAndShift? scale, int normGroups = 32) =>
        new(checkpoint, ReadConfig(checkpoint, scale, normGroups), backend);

    /// <inheritdoc/>
    /// <param name="latent">[1, latent channels, latentHeight, latentWidth] as the sampler leaves it, scaled.</param>
    public Medium Decode(Tensor latent) => new Picture(DecodePictures(latent).Single());

    /// <inheritdoc/>
    public Medium? Preview(Tensor estimate) => new Picture(LatentPreview.Draw(estimate, isPixels: false));

    /// <summary>Decodes a batch to pictures, in its order.</summary>
    /// <param name="latents">[batch, latent channels, latentHeight, latentWidth] as the sampler leaves them, scaled.</param>
    public RgbImage[] DecodePictures(Tensor latents)
    {
        using var scope = TensorScope.Begin();
        return RgbImage.FromPixels(DecodePixels(latents));
    }

    /// <summary>Decodes to pixel values: z / scaling + shift, then the decoder network.</summary>
    /// <param name="latents">[batch, latent channels, latentHeight, latentWidth], scaled.</param>
    /// <returns>[batch, image channels, height, width], nominally in [−1, 1]; in the current scope.</returns>
    /// <exception cref="ArgumentException">The latents have another shape.</exception>
    /// <exception cref="InvalidOperationException">The memory budget is too small even for the smallest tiles.</exception>
    public Tensor DecodePixels(Tensor latents) => DecodePixels(latents, observe: null);

    /// <summary>Encodes pictures.</summary>
    /// <param name="pixels">
    /// [batch, image channels, height, width] in [−1, 1]; a side that is no multiple of the pixels per cell is cropped to one.
    /// </param>
    /// <returns>Mean and log variance, unscaled; in the current scope.</returns>
    /// <exception cref="ArgumentException">The pixels have another shape or are smaller than a latent cell.</exception>
    /// <exception cref="InvalidOperationException">The encoder was not loaded, or the file has none.</exception>
    public LatentDistribution Encode(Tensor pixels) => Encode(pixels, observe: null);

    /// <summary>Encodes pictures to the latents that a model of this autoencoder works on: (mean − shift) · scaling.</summary>
    /// <param name="pixels">As for <see cref="Encode(Tensor)"/>.</param>
    /// <returns>[batch, latent channels, latentHeight, latentWidth], in the current scope.</returns>
    public Tensor EncodeLatents(Tensor pixels)
    {
        using var scope = TensorScope.Begin();
        var mean = Encode(pixels).Mean;
        if (_norm is not null)
        {
            return _norm.Into(mean).Escape();
        }

        var shift = Tensor.Full(_backend, mean.Shape, Config.ShiftFactor);
        return Tensor.Combine([mean, shift], [Config.ScalingFactor, -Config.ScalingFactor]).Escape();
    }

    /// <summary>
    /// Bytes of memory for the features of one picture that is decoded without tiles: the largest sum, over the network's layers, of the features
    /// that live at the same time, in single precision. Weights, the finished picture and a backend's own scratch memory come on top.
    /// </summary>
    /// <param name="latentHeight">In latent cells.</param>
    /// <param name="latentWidth">In latent cells.</param>
    public long EstimateDecodeBytes(int latentHeight, int latentWidth) =>
        sizeof(float) * _decoder.PeakElements(new FeatureSize(latentHeight, latentWidth, Config.LatentChannels));

    /// <summary>Releases the weights.</summary>
    public void Dispose() => _weights.Dispose();

    /// <param name="latents">[batch, latent channels, latentHeight, latentWidth], scaled.</param>
    /// <param name="observe">
    /// Called with the name and the output [batch, height, width, channels] of every layer, for each tile and group of pictures.
    /// </param>
    internal Tensor DecodePixels(Tensor latents, Action<string, Tensor>? observe)
    {
        ArgumentNullException.ThrowIfNull(latents);
        var channels = Config.LatentChannels * Config.LatentPatch * Config.LatentPatch;
        if (latents.Shape.Rank != 4 || latents.Shape[1] != channels || latents.Shape.ElementCount == 0)
        {
            throw new ArgumentException($"Decode: {latents.Shape} is not [batch, {channels}, height, width].");
        }

        using var scope = TensorScope.Begin();
        latents = _norm?.Back(latents) ?? latents;
        int batch = latents.Shape[0], height = latents.Shape[2], width = latents.Shape[3], scale = Config.PixelsPerCell;
        var shift = Tensor.Full(_backend, latents.Shape, Config.ShiftFactor);
        var z = Tensor.Combine([latents, shift], [1 / Config.ScalingFactor, 1]).Permute(0, 2, 3, 1); // [batch, latentHeight, latentWidth, channels]
        var atOnce = (int)Math.Min(batch, Math.Max(1, _options.MemoryBudget / EstimateDecodeBytes(height, width)));
        var tiles = PlanTiles(height, width);
        var pixels = Tensor.Empty(_backend, [batch, height * scale, width * scale, Config.OutputChannels]);
        for (var first = 0; first < batch; first += atOnce)
        {
            using var part = TensorScope.Begin();
            var count = Math.Min(atOnce, batch - first);
            var input = z.Rows(first, count);
            pixels.Rows(first, count).CopyFromInPlace(tiles is { Tops.Length: 1, Lefts.Length: 1 }
                ? _decoder.Forward(input, observe)
                : tiles.Decode(input, scale, Config.OutputChannels, tile => _decoder.Forward(tile, observe)));
        }

        return pixels.Permute(0, 3, 1, 2).Escape();
    }

    /// <param name="pixels">[batch, image channels, height, width].</param>
    /// <param name="observe">Called with the name and the output [batch, height, width, channels] of every layer.</param>
    internal LatentDistribution Encode(Tensor pixels, Action<string, Tensor>? observe)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var encoder = _encoder
            ?? throw new InvalidOperationException("Encode: this autoencoder was loaded without its encoder, or its file has none.");
        if (pixels.Shape.Rank != 4 || pixels.Shape[0] < 1 || pixels.Shape[1] != Config.InputChannels
            || pixels.Shape[2] < Config.PixelsPerCell || pixels.Shape[3] < Config.PixelsPerCell)
        {
            throw new ArgumentException(
                $"Encode: {pixels.Shape} is not [batch, {Config.InputChannels}, height, width] with sides of at least "
                + $"{Config.PixelsPerCell} pixels.");
        }

        using var scope = TensorScope.Begin();
        var moments = encoder.Forward(pixels.Permute(0, 2, 3, 1), observe); // [batch, latentHeight, latentWidth, 2 · latent channels]
        return new LatentDistribution(
            moments.Chunk(0, 2).Permute(0, 3, 1, 2).Escape(),
            moments.Chunk(1, 2).Clamp(-30, 20).Permute(0, 3, 1, 2).Escape());
    }

    private DecodeTiles PlanTiles(int height, int width) =>
        DecodeTiles.Plan(height, width, _options.TileOverlap, (h, w) => EstimateDecodeBytes(h, w) <= _options.MemoryBudget)
        ?? throw new InvalidOperationException(
            $"Decode: no tile of a latent of {height}x{width} cells fits {_options.MemoryBudget} bytes with {_options.TileOverlap} shared cells; "
            + $"the whole needs {EstimateDecodeBytes(height, width)}.");

    // The config.json beside the weights may belong to another part, such as a network in the same folder; the sizes then follow from the tensors'
    // shapes.
    private static AutoencoderConfig ReadConfig(Checkpoint checkpoint, ScaleAndShift? scale, int normGroups = 32)
    {
        var prefix = Prefix(checkpoint);
        if (!checkpoint.Tensors.ContainsKey($"{prefix}decoder.conv_in.weight"))
        {
            throw new WeightFileException(
                $"{checkpoint.Path}: the tensors are not those of an autoencoder; none of {checkpoint.Tensors.Count} is 'decoder.conv_in.weight'.");
        }

        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path))!, "config.json");
        if (!File.Exists(path))
        {
            return AutoencoderConfigFile.Infer(checkpoint, prefix, scale, normGroups);
        }

        var json = ForeignJson.Read(path);
        if (AutoencoderConfigFile.IsOne(json))
        {
            return AutoencoderConfigFile.Parse(json);
        }

        try
        {
            return AutoencoderConfigFile.Infer(checkpoint, prefix, scale, normGroups);
        }
        catch (WeightFileException error)
        {
            throw new WeightFileException($"{error.Message} The config.json beside it does not describe an autoencoder, so it was not used.", error);
        }
    }

    private static bool HasEncoder(Checkpoint checkpoint, string prefix) =>
        checkpoint.Tensors.Keys.Any(n => n.StartsWith($"{prefix}encoder.", StringComparison.Ordinal));

    private static string Prefix(Checkpoint checkpoint) =>
        checkpoint.Tensors.ContainsKey($"{OriginalPrefix}decoder.conv_in.weight") ? OriginalPrefix : "";

    private static bool IsOriginal(Checkpoint checkpoint, string prefix) =>
        checkpoint.Tensors.ContainsKey($"{prefix}decoder.mid.block_1.norm1.weight");

    private void IgnoreOthers()
    {
        _weights.Ignore("loss"); // original checkpoints contain the discriminator of training
        if (_encoder is null)
        {
            _weights.Ignore("encoder");
            _weights.Ignore("quant_conv");
        }
    }
}
