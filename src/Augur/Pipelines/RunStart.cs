using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>
/// From requests to runs at pure noise: encodes conditions, describes the network, draws the noise, begins the samplers, opens the policy.
/// </summary>
internal sealed class RunStart(DiffusionModel model)
{
    private readonly RequestCheck _check = new(model);
    private readonly ConditionStore _conditions = new(model.Denoiser);

    /// <summary>Encodes a request's conditions and describes the network for it. To be disposed, or begun.</summary>
    public PreparedRequest Prepare(GenerationRequest request)
    {
        var guidance = _check.GuidanceOf(request);
        var rows = model.Denoiser.Guide(request.Condition, guidance) with { Interval = guidance.Interval };
        var conditions = _conditions.Take(rows.Conditions);
        try
        {
            var latent = _check.LatentOf(request);
            var map = model.Denoiser.Describe(latent, conditions) ?? throw new InvalidOperationException("The network does not describe itself.");
            return new PreparedRequest(rows, conditions, latent, map, () => _conditions.GiveBack(rows.Conditions));
        }
        catch
        {
            _conditions.GiveBack(rows.Conditions);
            throw;
        }
    }

    /// <summary>Requests that one memory answers for, at pure noise.</summary>
    public DecisionGroup Begin(IReadOnlyList<GenerationRequest> requests, long? cacheBudget) =>
        Begin([.. requests.Select(r => (r, Prepare(r)))], cacheBudget);

    /// <summary>The same of requests that were prepared; these are disposed with the group, or here if that fails.</summary>
    public DecisionGroup Begin(IReadOnlyList<(GenerationRequest Request, PreparedRequest Prepared)> requests, long? cacheBudget)
    {
        var trajectories = new List<Trajectory>();
        try
        {
            foreach (var (request, prepared) in requests)
            {
                trajectories.Add(Begin(request, prepared));
            }

            return DecisionGroup.Open(requests[0].Request.Method, trajectories, requests[0].Request.Seed, cacheBudget, model.Denoiser.Backend);
        }
        catch
        {
            foreach (var begun in trajectories.Concat<IDisposable>(requests.Skip(trajectories.Count).Select(r => r.Prepared)))
            {
                Release(begun);
            }

            throw;
        }
    }

    private Trajectory Begin(GenerationRequest request, PreparedRequest prepared)
    {
        var values = new float[prepared.Latent.ElementCount];
        var noise = request.Noise(request.Seed) ?? throw new InvalidOperationException("The request's Noise makes no source of noise.");
        noise.Fill(values);
        var sampler = _check.SamplerOf(request);
        var run = (request.Source is { } source ? SourceStart.Begin(sampler, source, values, model.Denoiser, request.Steps)
            : Begin(sampler, values, prepared.Latent, request.Steps))
            ?? throw new InvalidOperationException("The request's Sampler begins no run.");
        try
        {
            return new Trajectory(prepared, run, noise, model.Denoiser.Prediction, sampler.AddsNoise, AuditReport.Begin(request, run.CallCount))
            {
                Sampler = sampler.Name,
                Guidance = _check.GuidanceOf(request).Scale,
                Region = SourceStart.RegionOf(request),
            };
        }
        catch
        {
            Release(run);
            throw;
        }
    }

    private ISamplerRun Begin(ISampler sampler, float[] noise, Shape shape, int steps)
    {
        using var latent = Tensor.From(model.Denoiser.Backend, noise, shape.OfOne());
        return sampler.Begin(latent, steps, model.Denoiser.Prediction);
    }

    // What was begun for a group that will not be; the first problem is the one to tell.
    private static void Release(IDisposable begun)
    {
        try
        {
            begun.Dispose();
        }
        catch (Exception)
        {
        }
    }
}
