using Augur.Pipelines;

namespace Augur.Metrics;

/// <summary>One audited call. Errors are relative; the verified one is measured by the method's own metric.</summary>
/// <param name="Sample">Which picture.</param>
/// <param name="CallIndex">Which of its network calls.</param>
/// <param name="Progress">How far the run had come, 0 (noise) to 1 (image).</param>
/// <param name="Mark">What became of the call.</param>
/// <param name="VerifiedError">What the verification measured; null where there was none.</param>
/// <param name="Threshold">What that was held against.</param>
/// <param name="TrueError">‖answer − full answer‖ / ‖full answer‖ of the network.</param>
public sealed record AuditPoint(int Sample, int CallIndex, double Progress, CallMark Mark, double? VerifiedError, double? Threshold, double TrueError)
{
    /// <summary>Whether both errors can stand on logarithmic axes.</summary>
    public bool IsComparable => VerifiedError is > 0 && double.IsFinite(VerifiedError.Value) && TrueError > 0 && double.IsFinite(TrueError);
}
