namespace Augur.Replay;

/// <summary>Outcome of comparing a replayed run with its fixture.</summary>
public enum ReplayStatus
{
    /// <summary>Every decision and every saved tensor agrees.</summary>
    Pass,

    /// <summary>Something differs, or a saved tensor could not be compared.</summary>
    Fail,

    /// <summary>The run needs a network, sampler or method that is not supported.</summary>
    Unsupported,
}

/// <summary>The outcome of one replayed run.</summary>
/// <param name="Run">Folder and name of the run.</param>
/// <param name="Status">Pass, fail or unsupported.</param>
/// <param name="TensorCount">Saved tensors compared.</param>
/// <param name="MaxAbsolute">Largest |ours − reference| over all tensors.</param>
/// <param name="MaxRelative">Largest |ours − reference| over the largest |reference| of the same tensor.</param>
/// <param name="Tolerance">
/// Largest allowed <paramref name="MaxRelative"/> for tensors in single precision; for tables in double precision it is 1e-12.
/// </param>
/// <param name="Detail">The first difference, decisions and other whole numbers before tensors; or what is not supported; empty for a pass.</param>
public sealed record ReplayResult(
    string Run, ReplayStatus Status, int TensorCount, double MaxAbsolute, double MaxRelative, double Tolerance, string Detail);
