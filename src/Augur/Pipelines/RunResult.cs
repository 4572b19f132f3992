using Augur.Caching;
using Augur.Decoding;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>From a run to what its caller gets: previews on the way, the picture and the report at the end.</summary>
internal sealed class RunResult(DiffusionModel model, TimeProvider time)
{
    private readonly RequestCheck _check = new(model);

    /// <summary>A small picture of where the sample is heading; null before its first answer.</summary>
    public Medium? Preview(Trajectory trajectory)
    {
        using var scope = TensorScope.Begin();
        return trajectory.Run.Estimate is { } estimate ? model.Decoder.Preview(estimate) : null;
    }

    /// <summary>The picture and the report.</summary>
    public GenerationResult Finish(GenerationRequest request, Trajectory trajectory, DecisionGroup group)
    {
        using var scope = TensorScope.Begin();
        var began = time.GetTimestamp();
        var output = model.Decoder.Decode(trajectory.Run.Latent);
        trajectory.Cost += new RunCost { DecodeTime = time.GetElapsedTime(began) };
        var report = new GenerationReport
        {
            Policy = request.Cache.Name,
            Sampler = _check.SamplerOf(request).Name,
            Steps = request.Steps,
            Calls = [.. trajectory.Outcomes],
            Cost = trajectory.Cost,
            UncachedFlops = trajectory.Map.FlopsPerRow * trajectory.RowCount * trajectory.Run.CallCount,
            PeakCacheBytes = group.PeakCacheBytes / group.Trajectories.Count,
            Audit = trajectory.Audit,
        };
        return new GenerationResult(request, output, trajectory.Run.Latent.ToArray(), report with { Note = NoteOn(report, request.Cache, group.Cache.Note) });
    }

    private static string? NoteOn(GenerationReport report, ICachePolicy policy, string? note)
    {
        if (policy is NoCachePolicy)
        {
            return note;
        }

        var effect = report.Drafted == 0 && report.Calls.All(c => c.Kind == CallKind.Computed) ? "the method saved nothing: every call was computed"
            : report.FlopsSpeedup < 1 ? "the method cost more than it saved" : null;
        return note is null ? effect : effect is null ? note : $"{note}; {effect}";
    }
}
