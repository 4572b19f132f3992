using Augur.Conditioning;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>What a request means for a model: its sampler, its guidance, and whether the model can serve it at all.</summary>
internal sealed class RequestCheck(DiffusionModel model)
{
    /// <summary>The guidance that the request gets.</summary>
    public Guidance GuidanceOf(GenerationRequest request) => request.Guidance ?? model.Defaults.Guidance;

    /// <summary>Rows of the network's batch that the request takes.</summary>
    public int RowsOf(GenerationRequest request) => model.Denoiser.Guide(request.Condition, GuidanceOf(request)).Count;

    /// <summary>The sampler that the request gets.</summary>
    public ISampler SamplerOf(GenerationRequest request) => request.Sampler ?? model.Defaults.Sampler;

    /// <summary>Shape of the request's latent, without the batch: its own, its picture's, or the network's.</summary>
    public Shape LatentOf(GenerationRequest request) => request.LatentShape ?? request.Source?.Latent.Shape ?? model.Denoiser.LatentShape;

    /// <summary>The same of a run that a method is to learn from, whose calls all compute the same rows.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Require"/>, or guidance has an interval.</exception>
    public void RequireForFit(GenerationRequest request)
    {
        Require(request);
        if (GuidanceOf(request).Interval is { } interval)
        {
            throw new ArgumentException(
                $"The guidance interval {interval} leaves rows of some calls out, and a fit follows the same rows through a run; leave it out.");
        }
    }

    /// <summary>Refuses what this model cannot serve.</summary>
    /// <exception cref="ArgumentException">This model cannot serve the request; the message names the option and its range.</exception>
    public void Require(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Noise is null)
        {
            throw new ArgumentException($"{nameof(request.Noise)} of a request is null; leave it out for its default.");
        }

        if (request.Condition is null)
        {
            throw new ArgumentException("Condition of a request is null; it says what to show.");
        }

        var guidance = GuidanceOf(request).Validated();
        var rows = RowsOf(request); // refuses what the network cannot show
        if (guidance.Interval is { } interval && (rows == 1 || model.Denoiser.Prediction == Prediction.Tokens))
        {
            throw new ArgumentException(rows == 1
                ? FormattableString.Invariant(
                    $"The guidance interval {interval} would do nothing: at guidance {guidance.Scale} this model computes one row in every call.")
                : $"The guidance interval {interval} is of pictures; this model writes texts.");
        }

        if (request.Steps is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(request), $"Steps can be 1 to 1000, not {request.Steps}.");
        }

        if (request.CacheBudget < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(request), $"CacheBudget is {request.CacheBudget} bytes; it is at least 0.");
        }

        var sampler = SamplerOf(request);
        if (!sampler.Accepts(model.Denoiser.Prediction))
        {
            throw new ArgumentException(
                $"The sampler {sampler.Name} cannot follow a network that predicts {model.Denoiser.Prediction.ToString().ToLowerInvariant()}.");
        }

        if (request.Source is { } source)
        {
            SourceStart.Require(source, LatentOf(request));
            _ = SourceStart.Shortened(sampler, source, request.Steps);
        }
    }
}
