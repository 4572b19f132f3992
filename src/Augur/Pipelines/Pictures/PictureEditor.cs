using Augur.Caching;
using Augur.Conditioning;
using Augur.Decoding;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>How a picture is inverted to noise.</summary>
public sealed record InversionSettings
{
    /// <summary>
    /// Steps from one call to the next; between them the last answer is held. Default: 3 for flow models, as EEdit has it, 1 for diffusion models.
    /// </summary>
    public int? Skip { get; init; }

    /// <summary>Of flow models: how much the path is drawn towards one draw of noise, 0 to 1. Default: EEdit's 0.7.</summary>
    public double Gamma { get; init; } = 0.7;

    /// <summary>Of diffusion models: calls of a step; more of them near the exact inverse. Default 1.</summary>
    public int Iterations { get; init; } = 1;

    /// <summary>What the picture shows. Default: what the edit is to show for flow models, nothing in particular for diffusion models.</summary>
    public Condition? Condition { get; init; }
}

/// <summary>An edited picture with the inversion that it began with.</summary>
/// <param name="Edited">The picture.</param>
/// <param name="Inversion">The inversion; its latent is the noise.</param>
public sealed record EditResult(GenerationResult Edited, GenerationResult Inversion);

/// <summary>
/// Makes requests that begin with pictures: image to image, inpainting, inversion, and edits that invert a picture and draw it anew.
/// </summary>
/// <param name="model">The model; the caller disposes it.</param>
public sealed class PictureEditor(DiffusionModel model)
{
    private readonly DiffusionModel _model = model ?? throw new ArgumentNullException(nameof(model));

    /// <summary>A picture as a latent of the model.</summary>
    /// <param name="picture">Of a size that the model draws.</param>
    /// <exception cref="ArgumentException">The model draws no pictures of that size, or its decoder cannot encode any.</exception>
    public ReferenceLatent Encode(RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var fitted = PictureFit.Of(_model, picture.Width, picture.Height, "the picture");
        return EncodePixels(picture.Shrink(fitted.Factor));
    }

    /// <summary>A request that begins with a picture, and where a mask is given changes nothing but what that is above 0 at.</summary>
    /// <param name="request">What to draw.</param>
    /// <param name="picture">Of a size that the model draws, or a whole multiple where it draws one size only.</param>
    /// <param name="mask">Of the picture's size or the model's; black stays, white is drawn anew, between them in proportion. Null: all is.</param>
    /// <param name="strength">Share of the steps that are taken, above 0 to 1.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or the mask is black; the message names both.</exception>
    public GenerationRequest From(GenerationRequest request, RgbImage picture, RgbImage? mask = null, double strength = 1)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(picture);
        return Start(picture, mask, strength).Of(request);
    }

    /// <summary>What <see cref="From"/> makes requests with.</summary>
    internal PictureStart Start(RgbImage picture, RgbImage? mask, double strength)
    {
        var fitted = PictureFit.Of(_model, picture.Width, picture.Height, "the picture");
        var own = picture.Shrink(fitted.Factor);
        var source = new SourcePicture { Latent = EncodePixels(own), Strength = strength };
        if (mask is null)
        {
            return new(source, null, null, _model);
        }

        var fits = FitMask(mask, picture, own);
        var cells = Cells(fits);
        return new(
            source with { Mask = [.. cells.Select(m => (float)m)] },
            new EditRegion([.. Grey(fits).Select(m => m > 0)], own.Height, own.Width),
            _model.Denoiser.IsInpainting ? (EncodePixels(Greyed(own, fits)), Array.ConvertAll(cells, m => m >= 0.5 ? 1f : 0)) : null,
            _model);
    }

    /// <summary>A request whose result is the noise that leads to the picture of another request's source.</summary>
    /// <param name="request">With a <see cref="GenerationRequest.Source"/>; its steps, sampler, method and seed are taken.</param>
    /// <param name="settings">How; null: the defaults.</param>
    /// <exception cref="ArgumentException">The request has no source, or its steps cannot be inverted.</exception>
    public GenerationRequest Inversion(GenerationRequest request, InversionSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var source = request.Source ?? throw new ArgumentException("An inversion needs a picture: the request has no source.");
        var how = settings ?? new();
        var isFlow = _model.Denoiser.Prediction == Prediction.Flow;
        if (isFlow && source.SkippedSteps(request.Steps) > 0)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Strength is {source.Strength}, and the inversion of a flow leads to noise alone; it is 1."));
        }

        var condition = how.Condition ?? (isFlow || _model.TakesPrompts ? Nothing(request, isFlow) : Condition.Class(_model.Classes.Count));
        return request with
        {
            Condition = condition,
            Guidance = UnguidedOf(condition, request.Guidance ?? _model.Defaults.Guidance),
            Sampler = isFlow ? new FlowInversion(new() { Gamma = how.Gamma, Skip = how.Skip ?? 3 })
                : new DiffusionInversion(Deterministic(request, source), new() { Skip = how.Skip ?? 1, Iterations = how.Iterations }),
            Source = new SourcePicture { Latent = source.Latent, Inverted = source.Latent },
            AuditShare = 0,
        };
    }

    /// <summary>Inverts a request's picture and draws it anew from that noise, under the same method.</summary>
    /// <param name="request">With a <see cref="GenerationRequest.Source"/>, as <see cref="From"/> makes it.</param>
    /// <param name="settings">How to invert; null: the defaults.</param>
    /// <param name="onStep">Called after each step of either.</param>
    /// <param name="cancellationToken">Looked at once per network call.</param>
    /// <exception cref="ArgumentException">The model cannot serve the request.</exception>
    public async Task<EditResult> EditAsync(
        GenerationRequest request, InversionSettings? settings = null, Action<StepEvent>? onStep = null,
        CancellationToken cancellationToken = default)
    {
        var pipeline = new GenerationPipeline(_model);
        var inversion = await pipeline.GenerateAsync(Inversion(request, settings), onStep, cancellationToken).ConfigureAwait(false);
        var edited = await pipeline.GenerateAsync(Redrawn(request, inversion), onStep, cancellationToken).ConfigureAwait(false);
        return new EditResult(edited, inversion);
    }

    /// <summary>The request of an edit, once its inversion is known.</summary>
    /// <param name="request">With a source.</param>
    /// <param name="inversion">What <see cref="Inversion"/> led to.</param>
    public static GenerationRequest Redrawn(GenerationRequest request, GenerationResult inversion)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(inversion);
        return request with { Source = request.Source! with { Inverted = new([.. inversion.Latent], request.Source.Latent.Shape) } };
    }

    /// <summary>How far two latents are apart: ‖a − b‖ / ‖b‖.</summary>
    /// <param name="latent">The one.</param>
    /// <param name="picture">The other, that the distance is relative to.</param>
    public static double Distance(IReadOnlyList<float> latent, ReferenceLatent picture)
    {
        ArgumentNullException.ThrowIfNull(latent);
        ArgumentNullException.ThrowIfNull(picture);
        double apart = 0, length = 0;
        for (var i = 0; i < latent.Count; i++)
        {
            double own = picture.Values[i], difference = latent[i] - own;
            (apart, length) = (apart + (difference * difference), length + (own * own));
        }

        return Math.Sqrt(apart / length);
    }

    private static Condition Nothing(GenerationRequest request, bool isFlow) => isFlow ? request.Condition : Condition.Prompt("");

    // Networks that are told the strength of guidance are told it here too; where two rows are compared, the conditional one is followed.
    private Guidance UnguidedOf(Condition condition, Guidance asked) =>
        _model.Denoiser.Guide(condition, asked).Count == 1 ? asked : asked with { Scale = 1, Interval = null };

    // The request's own steps where it samples by DDIM without noise; otherwise DDIM on what the network was trained with.
    private DdimSampler Deterministic(GenerationRequest request, SourcePicture source)
    {
        var sampler = request.Sampler ?? _model.Defaults.Sampler;
        var options = sampler is DdimSampler { AddsNoise: false } ddim ? ddim.Options
            : sampler is IDiffusionSampler trained ? (DdimOptions)new DdimOptions().TrainedAs(trained.Options, _ => false) : new DdimOptions();
        return new DdimSampler(options with { SkippedSteps = source.SkippedSteps(request.Steps) });
    }

    private ReferenceLatent EncodePixels(RgbImage picture)
    {
        using var scope = TensorScope.Begin();
        var encoder = _model.Decoder as ILatentEncoder
            ?? throw new ArgumentException("This model's decoder makes no latents of pictures, so that none can be edited.");
        var latent = encoder.EncodeLatents(picture.ToTensor(_model.Denoiser.Backend));
        var shape = latent.Shape;
        return new ReferenceLatent([.. latent.ToArray()], [shape[1], shape[^2], shape[^1]]);
    }

    private static RgbImage FitMask(RgbImage mask, RgbImage picture, RgbImage own)
    {
        var fits = (mask.Width, mask.Height) == (own.Width, own.Height) ? mask
            : (mask.Width, mask.Height) == (picture.Width, picture.Height) ? mask.Shrink(picture.Width / own.Width)
            : throw new ArgumentException(
                $"The mask is {mask.Width}x{mask.Height} pixels and the picture {picture.Width}x{picture.Height}; they are of one size.");
        return fits.Rgb.ContainsAnyExcept((byte)0) ? fits
            : throw new ArgumentException("The mask is black everywhere, so that nothing would change; what is drawn anew is white.");
    }

    private static double[] Grey(RgbImage mask)
    {
        var grey = new double[mask.Width * mask.Height];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = (mask.Rgb[3 * i] + mask.Rgb[(3 * i) + 1] + mask.Rgb[(3 * i) + 2]) / (3 * 255.0);
        }

        return grey;
    }

    // The mean over the pixels of each latent cell.
    private double[] Cells(RgbImage mask)
    {
        var side = _model.Decoder.PixelsPerCell;
        var (grey, columns) = (Grey(mask), mask.Width / side);
        var cells = new double[columns * (mask.Height / side)];
        for (var i = 0; i < grey.Length; i++)
        {
            cells[(i / mask.Width / side * columns) + (i % mask.Width / side)] += grey[i] / (side * side);
        }

        return [.. cells.Select(cell => Math.Min(1, cell))];
    }

    private static RgbImage Greyed(RgbImage picture, RgbImage mask)
    {
        const byte Middle = 128;
        var (rgb, grey) = (picture.Rgb.ToArray(), Grey(mask));
        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = grey[i / 3] >= 0.5 ? Middle : rgb[i];
        }

        return new RgbImage(picture.Width, picture.Height, rgb);
    }
}
