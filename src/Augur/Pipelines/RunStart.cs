using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>From requests to runs at pure noise: encodes conditions, describes the network, draws the noise, begins the samplers, opens the policy.</summary>
internal sealed class RunStart(DiffusionModel model)
{
    private readonly RequestCheck _check = new(model);
    private readonly ConditionStore _conditions = new(model.Denoiser);

    /// <summary>Encodes a request's conditions and describes the network for it. To be disposed, or begun.</summary>
    public PreparedRequest Prepare(GenerationRequest request)
    {
        var rows = model.Denoiser.Guide(request.Condition, _check.GuidanceOf(request));
        var conditions = _conditions.Take(rows.Conditions);
        try
        {
            var latent = request.LatentShape ?? model.Denoiser.LatentShape;
            return new PreparedRequest(rows, conditions, latent, model.Denoiser.Describe(latent, conditions), () => _conditions.GiveBack(rows.Conditions));
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

            return DecisionGroup.Open(requests[0].Request.Cache, trajectories, requests[0].Request.Seed, cacheBudget);
        }
        catch
        {
            trajectories.ForEach(t => t.Dispose());
            foreach (var (_, prepared) in requests.Skip(trajectories.Count))
            {
                prepared.Dispose();
            }

            throw;
        }
    }

    private Trajectory Begin(GenerationRequest request, PreparedRequest prepared)
    {
        var values = new float[prepared.Latent.ElementCount];
        var noise = request.Noise(request.Seed);
        noise.Fill(values);
        int[] shape = [1, .. Enumerable.Range(0, prepared.Latent.Rank).Select(axis => prepared.Latent[axis])];
        using var latent = Tensor.From(model.Denoiser.Backend, values, new Shape(shape));
        var sampler = _check.SamplerOf(request);
        var run = sampler.Begin(latent, request.Steps, model.Denoiser.Prediction);
        return new Trajectory(prepared, run, noise, model.Denoiser.Prediction, sampler.AddsNoise, AuditReport.Begin(request, run.CallCount));
    }
}
