using Augur.Pipelines;

namespace Augur.Metrics;

/// <summary>One audited network call. Errors are relative; the verified error is measured by the caching method's own metric.</summary>
/// <param name="Sample">Index of the picture.</param>
/// <param name="CallIndex">Index of the network call in its run.</param>
/// <param name="Progress">Position in the run, 0 (first call, noise) to 1 (last call).</param>
/// <param name="Mark">Outcome of the call, as displayed.</param>
/// <param name="VerifiedError">Error that the method's verification measured; null if the call was not verified.</param>
/// <param name="Threshold">Largest error that the method accepted; null if the call was not verified.</param>
/// <param name="TrueError">‖output − computed output‖ / ‖computed output‖ of the network.</param>
public sealed record AuditPoint(int Sample, int CallIndex, double Progress, CallMark Mark, double? VerifiedError, double? Threshold, double TrueError)
{
    /// <summary>Whether both errors are finite and above 0, so that they have logarithms.</summary>
    public bool IsComparable => VerifiedError is > 0 && double.IsFinite(VerifiedError.Value) && TrueError > 0 && double.IsFinite(TrueError);
}
