using Augur.Caching;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>A run that has made its last call, as numbers of the host: what is left to do needs none of its memory.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Latent">The final latent, innermost axis fastest.</param>
/// <param name="Shape">[1, channels, …].</param>
/// <param name="Report">What it cost so far.</param>
internal sealed record FinishedRun(GenerationRequest Request, float[] Latent, Shape Shape, GenerationReport Report)
{
    /// <summary>Takes out of a run what outlives it.</summary>
    public static FinishedRun Of(GenerationRequest request, string sampler, Trajectory trajectory, DecisionGroup group)
    {
        var report = new GenerationReport
        {
            Policy = group.PolicyName,
            PolicyReason = request.Choice?.Reason ?? PolicyChoice.AsAsked,
            Sampler = sampler,
            Steps = trajectory.Run.StepCount,
            Calls = [.. trajectory.Outcomes],
            GuidedCalls = trajectory.GuidedCalls,
            Cost = trajectory.Cost,
            UncachedFlops = group.Map.FlopsPerRow * trajectory.RowsOfAllCalls,
            PeakCacheBytes = group.PeakCacheBytes / group.Trajectories.Count,
            Audit = trajectory.Audit,
        };
        var latent = trajectory.Run.Latent;
        var values = latent.ToArray();
        return new FinishedRun(request, values, latent.Shape, report with
        {
            Note = NoteOn(report, request.Method, group.Note, trajectory.IsText),
            NotFiniteSince = Array.TrueForAll(values, float.IsFinite) ? null : trajectory.NotFiniteSince(),
        });
    }

    private static string? NoteOn(GenerationReport report, ICachePolicy policy, string? note, bool isText)
    {
        if (report.GuidedCalls is { } guided && guided < report.Calls.Count)
        {
            var sentence = $"guidance acted in {guided} of {report.Calls.Count} calls; the others computed the conditional row alone, "
                + "which changes the result";
            note = note is null ? sentence : $"{sentence}; {note}";
        }

        if (policy is NoCachePolicy)
        {
            return note;
        }

        var effect = report.Drafted == 0 && report.Calls.All(c => c.Kind == CallKind.Computed) ? "the method saved nothing: every call was computed"
            : report.FlopsSpeedup < 1 ? "the method cost more than it saved"
            : policy.IsFitted ? null : DraftRuns.NoteOn(report.Calls, isText);
        return note is null ? effect : effect is null ? note : $"{note}; {effect}";
    }
}
