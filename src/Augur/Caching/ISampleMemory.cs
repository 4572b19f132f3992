using Augur.Caching.Tokens;
using Augur.Tensors;

namespace Augur.Caching;

/// <summary>
/// What a caching method remembers of one sample, and how it answers for it. A guided sample's rows are one unit; where
/// <see cref="ICachePolicy.DecidesForBatch"/>, all rows of the batch are. Used by one thread at a time.
/// </summary>
public interface ISampleMemory : IDisposable
{
    /// <summary>Bytes of kept features now.</summary>
    long ByteCount { get; }

    /// <summary>
    /// What had to be given up, as a sentence for the report (for example a finer granularity, for a memory budget); null: nothing.
    /// </summary>
    string? Note => null;

    /// <summary>A network call is due: shall it be computed or drafted, and where may the sample change its mind within it?</summary>
    /// <param name="call">
    /// The next of the run. The first that a memory sees is the run's first, or one with <see cref="NetworkCall.MustCompute"/>: where guidance acts
    /// in some calls only, a memory begins where rows join or leave.
    /// </param>
    CallPlan Begin(NetworkCall call);

    /// <summary>
    /// Where the call that has begun runs the first guidance rows only, or rows that decide apart: a memory for each row that it runs, in order.
    /// Null:
    /// all rows are run, and this memory answers for them together. Memories of single samples only.
    /// </summary>
    IReadOnlyList<ISampleMemory>? Rows => null;

    /// <summary>The answer at a site, within the call that has begun.</summary>
    Answer Ask(Question question);

    /// <summary>The network's answer for every guidance row, given that of the rows which were run; before the call ends.</summary>
    /// <param name="answer">[rows that were run, channels, …]; valid during the call only.</param>
    Tensor Complete(Tensor answer) => answer;

    /// <summary>
    /// The call is over. After <see cref="CallKind.Rejected"/> the same call begins again with <see cref="NetworkCall.MustCompute"/>.
    /// </summary>
    CallOutcome End();
}

/// <summary>
/// How a sample answers the network's question for a feature, with everything that follows from the answer: what is to be observed, which tokens are
/// computed, what a verification leads to. Tensors that a continuation is given are valid during the call only.
/// </summary>
public sealed record Answer
{
    private Answer()
    {
    }

    /// <summary>Run the site. What lies inside it asks for itself.</summary>
    public static Answer Compute { get; } = new() { Runs = true };

    /// <summary>The stream passes through unchanged. Spans, blocks and levels only.</summary>
    public static Answer Pass { get; } = new() { Passes = true };

    /// <summary>The feature is not run; it is the forecast.</summary>
    public static Answer Supply(Forecast forecast) => new() { Forecast = () => forecast };

    /// <summary>A branch, keys or values: run for some tokens, then the feature is a forecast that knows them.</summary>
    /// <param name="select">From what the site reads, [rows, tokens, channels], to the tokens, [rows, k]; null: none.</param>
    /// <param name="merge">Takes the tokens and the site's output for them, [rows, k, channels].</param>
    /// <param name="forecast">The feature, asked for after the merge.</param>
    public static Answer Tokens(Func<Tensor, IndexTable?> select, Action<IndexTable, Tensor> merge, Func<Forecast> forecast) =>
        new() { Select = select, Merge = merge, Forecast = forecast };

    /// <summary>
    /// The same, but these tokens see each other only: queries, keys and values are theirs. Attention branches whose
    /// <see cref="NetworkSite.FlopsPerPair"/> is above 0.
    /// </summary>
    /// <inheritdoc cref="Tokens" path="/param"/>
    public static Answer ClosedTokens(Func<Tensor, IndexTable?> select, Action<IndexTable, Tensor> merge, Func<Forecast> forecast) =>
        Tokens(select, merge, forecast) with { IsClosed = true };

    /// <summary>
    /// The branch is run for the means of groups of tokens, which see each other only, then the feature is a forecast that knows them. Attention
    /// branches whose <see cref="NetworkSite.FlopsPerPair"/> is above 0.
    /// </summary>
    /// <param name="group">From what the branch reads, [rows, tokens, channels], to the groups; null: none.</param>
    /// <param name="merge">Takes the groups and the branch's output for them, [rows, groups, channels].</param>
    /// <param name="forecast">The feature, asked for after the merge.</param>
    public static Answer MergedTokens(Func<Tensor, TokenGroups?> group, Action<TokenGroups, Tensor> merge, Func<Forecast> forecast)
    {
        TokenGroups? chosen = null;
        return new()
        {
            Select = input => (chosen = group(input))?.Labels,
            Merge = (_, fresh) => merge(chosen!, fresh),
            Forecast = forecast,
            IsClosed = true,
            GroupCount = () => chosen?.Count ?? 0,
        };
    }

    /// <summary>Of these two whichever a plan asks for: its tokens, or its groups.</summary>
    /// <param name="choose">From what the branch reads, [rows, tokens, channels], to what stays.</param>
    /// <param name="merge">Takes what stays and the branch's output for it, [rows, k, channels].</param>
    /// <param name="forecast">The feature, asked for after the merge.</param>
    internal static Answer Shrunk(Func<Tensor, TokenPlan> choose, Action<TokenPlan, Tensor> merge, Func<Forecast> forecast)
    {
        TokenPlan? plan = null;
        return new()
        {
            Select = input => (plan = choose(input)).Kept ?? plan.Groups!.Labels,
            Merge = (_, fresh) => merge(plan!, fresh),
            Forecast = forecast,
            IsClosed = true,
            GroupCount = () => plan?.Groups?.Count,
        };
    }

    /// <summary>The same, and shown what the site read and its feature, both [rows, tokens, channels]. Of a site that is run.</summary>
    public Answer Observed(Action<Tensor, Tensor> observe) => this with { Observe = observe };

    /// <summary>The same, and told a signal that exists only while the site is run, for this sample's rows.</summary>
    public Answer Heard(Signal signal, Action<Tensor> hear) => this with { Signal = signal, Hear = hear };

    /// <summary>
    /// The same, and the site is run once more with everything inside it computed, and both outputs are shown. The answer itself flows on: a
    /// verification judges and changes nothing. Blocks and fused branches; the whole network with <see cref="StandingOn"/>.
    /// </summary>
    /// <param name="tokens">The tokens that are compared, the same for all rows of the sample, ascending; null: all.</param>
    /// <param name="judge">Takes the answered and the computed output.</param>
    public Answer Verified(int[]? tokens, Action<Verification> judge) => this with { VerifiedTokens = tokens, Judge = judge };

    /// <summary>
    /// The same, and where the network is run once more to verify, what its inside gives is a forecast: the layers around that are run.
    /// </summary>
    /// <param name="inside">All blocks of a chain, or a level of a U-Net.</param>
    /// <param name="forecast">What it gives.</param>
    public Answer StandingOn(Site inside, Forecast forecast) => this with { Inside = inside, InsideForecast = () => forecast };

    /// <summary>Whether the site is run for all tokens.</summary>
    public bool Runs { get; private init; }

    /// <summary>Whether the stream passes through unchanged.</summary>
    public bool Passes { get; private init; }

    /// <summary>Whether the site is not run and its feature a forecast.</summary>
    public bool Supplies => Forecast is not null && Select is null;

    /// <summary>Whether the site is run for some tokens.</summary>
    public bool RunsTokens => Select is not null;

    /// <summary>Whether those tokens see each other only.</summary>
    public bool IsClosed { get; private init; }

    /// <summary>Whether what was answered is held against what the site computes.</summary>
    public bool IsVerified => Judge is not null;

    internal Func<Forecast>? Forecast { get; init; }

    /// <summary>Groups of what was selected; null: it is tokens.</summary>
    internal Func<int?>? GroupCount { get; private init; }

    internal Func<Tensor, IndexTable?>? Select { get; init; }

    internal Action<IndexTable, Tensor>? Merge { get; init; }

    internal Action<Tensor, Tensor>? Observe { get; init; }

    internal Signal? Signal { get; private init; }

    internal Action<Tensor>? Hear { get; init; }

    internal int[]? VerifiedTokens { get; private init; }

    /// <summary>The site inside that a verification takes as forecast; null: it computes everything inside.</summary>
    internal Site? Inside { get; private init; }

    internal Func<Forecast>? InsideForecast { get; init; }

    internal Action<Verification>? Judge { get; init; }
}

/// <summary>What was answered for a block, a fused branch or the network, held against what it computes; valid during the call only.</summary>
/// <param name="Answered">[rows, tokens or k, channels].</param>
/// <param name="Computed">The same shape.</param>
/// <param name="Reads">Reads errors at the end of the call, those of all samples in one wait.</param>
public readonly record struct Verification(Tensor Answered, Tensor Computed, DeferredRead Reads);
