using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>From requests to runs at pure noise: draws the noise, begins the samplers, opens the policy.</summary>
internal sealed class RunStart(DiffusionModel model)
{
    private readonly RequestCheck _check = new(model);

    /// <summary>Requests that one memory answers for, at pure noise.</summary>
    public DecisionGroup Begin(IReadOnlyList<GenerationRequest> requests, long? cacheBudget)
    {
        var trajectories = new List<Trajectory>();
        try
        {
            foreach (var request in requests)
            {
                trajectories.Add(Begin(request));
            }

            return DecisionGroup.Open(requests[0].Method, trajectories, requests[0].Seed, cacheBudget, model.Denoiser);
        }
        catch
        {
            foreach (var trajectory in trajectories)
            {
                Release(trajectory);
            }

            throw;
        }
    }

    private Trajectory Begin(GenerationRequest request)
    {
        var shape = model.Denoiser.LatentShape;
        var values = new float[shape.ElementCount];
        var noise = request.Noise(request.Seed) ?? throw new InvalidOperationException("The request's Noise makes no source of noise.");
        noise.Fill(values);
        using var latent = Tensor.From(model.Denoiser.Backend, values, [1, shape[0], shape[1], shape[2]]);
        var run = _check.SamplerOf(request).Begin(latent, request.Steps, model.Denoiser.Prediction)
            ?? throw new InvalidOperationException("The request's Sampler begins no run.");
        try
        {
            return new Trajectory(request.Label, _check.GuidanceOf(request), run, noise, AuditReport.Begin(request, run.CallCount));
        }
        catch
        {
            Release(run);
            throw;
        }
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
