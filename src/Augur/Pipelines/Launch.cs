using Augur.Caching;
using Augur.Decoding;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>The two ends of a run: from a request to a trajectory at pure noise, and from a finished trajectory to a picture.</summary>
internal sealed class Launch(DiffusionModel model, TimeProvider time)
{
    public Guidance GuidanceOf(GenerationRequest request) => request.Guidance ?? model.Defaults.Guidance;

    /// <exception cref="ArgumentException">This model cannot serve the request; the message names the option and its range.</exception>
    public void Validate(GenerationRequest request)
    {
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

    /// <summary>Requests of one policy, at pure noise.</summary>
    public DecisionGroup Begin(IReadOnlyList<GenerationRequest> requests, long? cacheBudget)
    {
        var trajectories = new List<Trajectory>();
        try
        {
            foreach (var request in requests)
            {
                trajectories.Add(Begin(request));
            }

            return DecisionGroup.Open(requests[0].Cache, trajectories, requests[0].Seed, cacheBudget, model.Denoiser);
        }
        catch
        {
            trajectories.ForEach(t => t.Dispose());
            throw;
        }
    }

    /// <summary>A small picture of where the sample is heading; null before its first answer.</summary>
    public RgbImage? Preview(Trajectory trajectory)
    {
        using var scope = TensorScope.Begin();
        return trajectory.Run.Estimate is { } estimate ? LatentPreview.Draw(estimate, isPixels: model.Decoder is PixelDecoder) : null;
    }

    /// <summary>The picture and the report.</summary>
    public GenerationResult Finish(GenerationRequest request, Trajectory trajectory, DecisionGroup group)
    {
        using var scope = TensorScope.Begin();
        var began = time.GetTimestamp();
        var image = model.Decoder.Decode(trajectory.Run.Latent)[0];
        trajectory.Cost += new RunCost { DecodeTime = time.GetElapsedTime(began) };
        var report = new GenerationReport
        {
            Policy = request.Cache.Name,
            Sampler = SamplerOf(request).Name,
            Steps = request.Steps,
            Calls = [.. trajectory.Outcomes],
            Cost = trajectory.Cost,
            UncachedFlops = model.Denoiser.FlopsPerRow * trajectory.RowCount * trajectory.Run.CallCount,
            PeakCacheBytes = group.PeakCacheBytes / group.Trajectories.Count,
            Audit = trajectory.Audit,
        };
        return new GenerationResult(request, image, trajectory.Run.Latent.ToArray(), report with { Note = NoteOn(report, request.Cache, group.Cache.Note) });
    }

    private static string? NoteOn(GenerationReport report, ICachePolicy policy, string? note)
    {
        if (policy is NoCachePolicy)
        {
            return note;
        }

        var effect = report.Drafted == 0 && report.Calls.All(c => c.Kind == CallKind.Computed) ? "the method saved nothing: every call was computed"
            : report.FlopsSpeedup < 1 ? "the method cost more than it saved" : DraftRuns.NoteOn(report.Calls);
        return note is null ? effect : effect is null ? note : $"{note}; {effect}";
    }

    private Trajectory Begin(GenerationRequest request)
    {
        var shape = model.Denoiser.LatentShape;
        var values = new float[shape.ElementCount];
        var noise = request.Noise(request.Seed);
        noise.Fill(values);
        using var latent = Tensor.From(model.Denoiser.Backend, values, [1, shape[0], shape[1], shape[2]]);
        var run = SamplerOf(request).Begin(latent, request.Steps, model.Denoiser.Prediction);
        return new Trajectory(request.Label, GuidanceOf(request), run, noise, AuditReport.Begin(request, run.CallCount));
    }

    private ISampler SamplerOf(GenerationRequest request) => request.Sampler ?? model.Defaults.Sampler;
}
