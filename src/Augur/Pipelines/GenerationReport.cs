using Augur.Caching;

namespace Augur.Pipelines;

/// <summary>What one sample's run did and cost. One multiply-add is 2 FLOPs.</summary>
public sealed record GenerationReport
{
    /// <summary>The caching method.</summary>
    public required string Policy { get; init; }

    /// <summary>Why this method: see <see cref="PolicyChoice.Reason"/>.</summary>
    public string PolicyReason { get; init; } = PolicyChoice.AsAsked;

    /// <summary>The sampler.</summary>
    public required string Sampler { get; init; }

    /// <summary>Sampler steps.</summary>
    public required int Steps { get; init; }

    /// <summary>What each network call turned out to be; guided calls count once.</summary>
    public required IReadOnlyList<CallOutcome> Calls { get; init; }

    /// <summary>
    /// Calls that were due with all guidance rows; the others, outside an interval of guidance, with the conditional one alone. Null: there was no
    /// interval, and all were.
    /// </summary>
    public int? GuidedCalls { get; init; }

    /// <summary>The calls as reports show them.</summary>
    public IReadOnlyList<CallMark> Marks => [.. Calls.Select(CallMark.Of)];

    /// <summary>What was executed.</summary>
    public required RunCost Cost { get; init; }

    /// <summary>FLOPs of the same run without a caching method.</summary>
    public required long UncachedFlops { get; init; }

    /// <summary>The most bytes that kept features took.</summary>
    public required long PeakCacheBytes { get; init; }

    /// <summary>Something the user should know: what a budget cost, that the method did nothing. Null: nothing.</summary>
    public string? Note { get; init; }

    /// <summary>How far the answers that were not computed in full are from the network's; null unless the request asked for an audit.</summary>
    public AuditReport? Audit { get; init; }

    /// <summary>Calls that the network computed in full, those of rejected drafts among them.</summary>
    public int Computed => Count(CallKind.Computed) + Rejected;

    /// <summary>Calls of which something was forecast or reused first, whatever became of the draft; those computed in part among them.</summary>
    public int Drafted => Calls.Count - Count(CallKind.Computed);

    /// <summary>
    /// Calls that were not computed in full: their drafts were kept, or they were computed in part. With <see cref="Computed"/> they are all calls.
    /// </summary>
    public int Kept => Calls.Count - Computed;

    /// <summary>Drafts that were verified.</summary>
    public int Verified => Accepted + Rejected + Tolerated;

    /// <summary>Verified drafts that passed.</summary>
    public int Accepted => Count(CallKind.Accepted);

    /// <summary>Verified drafts that failed and were computed.</summary>
    public int Rejected => Count(CallKind.Rejected);

    /// <summary>Verified drafts that failed and were kept.</summary>
    public int Tolerated => Count(CallKind.Tolerated);

    /// <summary>Share of the verified drafts that passed; null where none was verified.</summary>
    public double? AcceptanceRate => Verified == 0 ? null : (double)Accepted / Verified;

    /// <summary>Mean number of consecutive calls whose draft was kept; 0 where none was.</summary>
    public double MeanDraftRun
    {
        get
        {
            var isKept = Calls.Select(c => c.Kind is CallKind.Drafted or CallKind.Partial or CallKind.Accepted or CallKind.Tolerated).ToArray();
            var runs = isKept.Where((kept, i) => kept && (i == 0 || !isKept[i - 1])).Count();
            return runs == 0 ? 0 : (double)isKept.Count(kept => kept) / runs;
        }
    }

    /// <summary>FLOPs of the uncached run over those executed.</summary>
    public double FlopsSpeedup => UncachedFlops / (double)Math.Max(1, Cost.TotalFlops);

    /// <summary>
    /// Estimated time of the uncached run over the time taken; the estimate takes each call for as long as this run's computed ones.
    /// Null where no call was computed.
    /// </summary>
    public double? EstimatedTimeSpeedup => Computed == 0 || Cost.TotalTime <= TimeSpan.Zero ? null
        : ((Cost.ComputeTime / Computed * Calls.Count) + Cost.SamplerTime + Cost.DecodeTime) / Cost.TotalTime;

    /// <summary>Where the final latent is not finite, the call and the step since which it was not; null: unknown, or it is finite.</summary>
    internal (int Call, int Step)? NotFiniteSince { get; init; }

    private int Count(CallKind kind) => Calls.Count(c => c.Kind == kind);
}
