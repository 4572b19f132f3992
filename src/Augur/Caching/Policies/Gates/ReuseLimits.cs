namespace Augur.Caching.Policies;

/// <summary>How often a gate may reuse: never during the warm-up, only so often in a row, only so often in a run.</summary>
/// <param name="warmup">Calls computed at the beginning.</param>
/// <param name="maxConsecutive">Most reused calls in a row; null: no limit.</param>
/// <param name="maxCached">Most reused calls in a run; null: no limit.</param>
internal sealed class ReuseLimits(int warmup, int? maxConsecutive, int? maxCached)
{
    private int _inRow;
    private int _inRun;

    /// <summary>Whether a call may be reused at all.</summary>
    public bool Allow(NetworkCall call) =>
        !call.MustCompute && call.CallIndex >= warmup && !(_inRow >= maxConsecutive) && !(_inRun >= maxCached);

    /// <summary>What became of the call.</summary>
    public void Count(bool reuses) => (_inRow, _inRun) = reuses ? (_inRow + 1, _inRun + 1) : (0, _inRun);
}
