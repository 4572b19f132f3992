using Augur.Sampling;

namespace Augur.Pipelines;

/// <summary>What a request means for a model: its sampler, its guidance, and whether the model can serve it at all.</summary>
internal sealed class RequestCheck(DiffusionModel model)
{
    /// <summary>The guidance that the request gets.</summary>
    public Guidance GuidanceOf(GenerationRequest request) => request.Guidance ?? model.Defaults.Guidance;

    /// <summary>Rows of the network's batch that the request takes.</summary>
    public int RowsOf(GenerationRequest request) => GuidanceOf(request).NeedsUnconditional ? 2 : 1;

    /// <summary>The sampler that the request gets.</summary>
    public ISampler SamplerOf(GenerationRequest request) => request.Sampler ?? model.Defaults.Sampler;

    /// <summary>Refuses what this model cannot serve.</summary>
    /// <exception cref="ArgumentException">This model cannot serve the request; the message names the option and its range.</exception>
    public void Require(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Noise is null)
        {
            throw new ArgumentException($"{nameof(request.Noise)} of a request is null; leave it out for its default.");
        }

        if (request.Label < 0 || request.Label > model.Denoiser.ClassCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(request), $"Class {request.Label} is not one of this model's 0 to {model.Denoiser.ClassCount - 1} ({model.Denoiser.ClassCount} is the null class).");
        }

        if (request.Steps is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(request), $"Steps can be 1 to 1000, not {request.Steps}.");
        }

        if (request.CacheBudget < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(request), $"CacheBudget is {request.CacheBudget} bytes; it is at least 0.");
        }

        GuidanceOf(request).Validated();
        var sampler = SamplerOf(request);
        if (!sampler.Accepts(model.Denoiser.Prediction))
        {
            throw new ArgumentException($"The sampler {sampler.Name} cannot follow a network that predicts {model.Denoiser.Prediction.ToString().ToLowerInvariant()}.");
        }
    }
}
