namespace Augur.Caching;

/// <summary>
/// What a caching method remembers of one sample, and how it answers for it. A guided sample's rows are one unit; where
/// <see cref="ICachePolicy.DecidesForBatch"/>, all rows of the batch are. Used by one thread at a time.
/// </summary>
public interface ISampleMemory : IDisposable
{
    /// <summary>Bytes of kept features now.</summary>
    long ByteCount { get; }

    /// <summary>What had to be given up, as a sentence for the report (for example a finer granularity, for a memory budget); null: nothing.</summary>
    string? Note => null;

    /// <summary>A network call is due: shall it be computed or drafted, and where may the sample change its mind within it?</summary>
    CallPlan Begin(NetworkCall call);

    /// <summary>The answer at a site, within the call that has begun.</summary>
    Answer Ask(Question question);

    /// <summary>The call is over. After <see cref="CallKind.Rejected"/> the same call begins again with <see cref="NetworkCall.MustCompute"/>.</summary>
    CallOutcome End();
}
