using Augur.Tensors;

namespace Augur.Caching;

/// <summary>How a sample answers the network's question for a feature.</summary>
public enum Answer
{
    /// <summary>Run the site. What lies inside it asks for itself.</summary>
    Compute,

    /// <summary>Run the site and show the feature to <see cref="ISampleMemory.Observe"/>.</summary>
    ComputeAndObserve,

    /// <summary>Run the site, then once more with everything inside it computed, and show both to <see cref="ISampleMemory.Judge"/>. Blocks only.</summary>
    ComputeAndVerify,

    /// <summary>The feature is <see cref="ISampleMemory.Supply"/>'s.</summary>
    Supply,

    /// <summary>The branch is run for the tokens of <see cref="ISampleMemory.SelectTokens"/>, they go to <see cref="ISampleMemory.Merge"/>, then the feature is <see cref="ISampleMemory.Supply"/>'s.</summary>
    ComputeTokens,

    /// <summary>Supply, and also run the site with everything inside it computed, and show both to <see cref="ISampleMemory.Judge"/>. Blocks only.</summary>
    SupplyAndVerify,

    /// <summary>The stream passes through unchanged. Spans and blocks only.</summary>
    Skip,
}

/// <summary>
/// What a caching method remembers of one sample, and how it answers for it. A guided sample's rows (conditional, unconditional) are one
/// unit; where <see cref="ICachePolicy.DecidesForBatch"/>, all rows of the batch are. Used by one thread at a time.
/// </summary>
public interface ISampleMemory : IDisposable
{
    /// <summary>Bytes of kept features now.</summary>
    long ByteCount { get; }

    /// <summary>What had to be given up, as a sentence for the report (for example a finer granularity, for a memory budget); null: nothing.</summary>
    string? Note => null;

    /// <summary>Blocks before which the sample may change its mind within a call; the network is run in spans between them, and each is asked for.</summary>
    IReadOnlyList<int> Cuts => [];

    /// <summary>A network call is due: shall it be computed or drafted?</summary>
    CallPlan Begin(NetworkCall call);

    /// <summary>The answer at a site, within the call that has begun.</summary>
    Answer Ask(Site site);

    /// <summary>A computed feature [rows, tokens, channels] and what the site read, [rows, tokens, channels]; valid during the call only.</summary>
    void Observe(Site site, Tensor input, Tensor feature)
    {
    }

    /// <summary>The tokens for which a branch is to be run, Int32 [rows, k] without repetition; null: none.</summary>
    /// <param name="site">Where the answer was <see cref="Answer.ComputeTokens"/>.</param>
    /// <param name="input">What the branch reads, [rows, tokens, channels].</param>
    Tensor? SelectTokens(Site site, Tensor input) => null;

    /// <summary>The branch's output for the tokens that were selected, [rows, k, channels]; valid during the call only.</summary>
    void Merge(Site site, Tensor tokens, Tensor fresh)
    {
    }

    /// <summary>The feature at a site where the answer was to supply it.</summary>
    Forecast Supply(Site site) => throw new NotSupportedException($"There is no forecast for {site}.");

    /// <summary>The tokens that a verification is to compare, the same for all rows of the sample; null: all.</summary>
    /// <param name="tokenCount">Tokens of a row.</param>
    int[]? TokensToVerify(int tokenCount) => null;

    /// <summary>A verification: the drafted and the computed output of a block, [rows, tokens or k, channels]; valid during the call only.</summary>
    /// <returns>Whether the computed one flows on in place of the draft, where all tokens were computed.</returns>
    bool Judge(Site site, Tensor drafted, Tensor computed) => false;

    /// <summary>Whether the method steers by this signal.</summary>
    bool Wants(Site site, Signal signal) => false;

    /// <summary>A signal that was asked for, this sample's rows; valid during the call only.</summary>
    void Take(Site site, Signal signal, Tensor value)
    {
    }

    /// <summary>The call is over. After <see cref="CallKind.Rejected"/> the same call begins again with <see cref="NetworkCall.MustCompute"/>.</summary>
    CallOutcome End();
}
