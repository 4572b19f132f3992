using Augur.Caching;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>
/// Stands before a sample's memory in a network call that other samples share. What the memory throws, and an answer that the network could not
/// use, is this sample's failure: from then on the memory is left alone and the sample's rows are computed, so that the call goes through for the
/// others. Nothing is asked twice, and no other memory notices.
/// </summary>
/// <param name="memory">The sample's memory.</param>
/// <param name="policy">Name of its policy, for messages.</param>
/// <param name="run">What the policy was told of the run.</param>
/// <param name="backend">Where features are.</param>
internal sealed class GuardedMemory(ISampleMemory memory, string policy, RunInfo run, IBackend backend) : ISampleMemory
{
    private IReadOnlyList<int> _cuts = [];

    /// <summary>What went wrong first; null: nothing.</summary>
    public Exception? Failure { get; private set; }

    public long ByteCount => Try(() => memory.ByteCount, 0);

    public string? Note => Try(() => memory.Note, null);

    public IReadOnlyList<int> Cuts => _cuts = Try(() => memory.Cuts ?? throw Wrong("has null for cuts"), _cuts);

    public CallPlan Begin(NetworkCall call) => Try(
        () => memory.Begin(call) switch
        {
            CallPlan.Compute => CallPlan.Compute,
            CallPlan.Draft when call.MustCompute => throw Wrong("drafts a call again whose draft it has rejected"),
            CallPlan.Draft => CallPlan.Draft,
            var other => throw Wrong($"plans a call as {other}"),
        },
        CallPlan.Compute);

    public Answer Ask(Site site) => Try(() => memory.Ask(site) is var answer && Fits(answer, site) ? answer : throw Wrong($"answers {answer} at {site}"), Answer.Compute);

    public void Observe(Site site, Tensor input, Tensor feature) => Try(() => memory.Observe(site, input, feature));

    public Tensor? SelectTokens(Site site, Tensor input) => Try(() => memory.SelectTokens(site, input) is { } tokens ? Usable(tokens, input) : null, null);

    public void Merge(Site site, Tensor tokens, Tensor fresh) => Try(() => memory.Merge(site, tokens, fresh));

    public Forecast Supply(Site site)
    {
        var shape = FeatureAt(site);
        return Failure is null && Try(() => (Forecast?)Usable(memory.Supply(site), shape), null) is { } forecast
            ? forecast
            : new Forecast((Tensor[])[Tensor.Zeros(backend, shape)], (float[])[1]);
    }

    public int[]? TokensToVerify(int tokenCount) => Try(
        () => memory.TokensToVerify(tokenCount) is var tokens && (tokens is null || (tokens.Length > 0 && Array.TrueForAll(tokens, t => t >= 0 && t < tokenCount)))
            ? tokens
            : throw Wrong($"verifies tokens that are not among the {tokenCount} of a row"),
        null);

    public bool Judge(Site site, Tensor drafted, Tensor computed) => Try(() => memory.Judge(site, drafted, computed), false);

    public bool Wants(Site site, Signal signal) => Try(() => memory.Wants(site, signal), false);

    public void Take(Site site, Signal signal, Tensor value) => Try(() => memory.Take(site, signal, value));

    public CallOutcome End() => Try(
        () => memory.End() is var outcome && Enum.IsDefined(outcome.Kind) ? outcome : throw Wrong($"ends a call as {outcome.Kind}"),
        new CallOutcome(CallKind.Computed));

    /// <summary>Lets go of the memory, also after a failure.</summary>
    public void Dispose()
    {
        try
        {
            memory.Dispose();
        }
        catch (Exception problem)
        {
            Failure ??= problem;
        }
    }

    private static bool Fits(Answer answer, Site site) => answer switch
    {
        Answer.Compute or Answer.ComputeAndObserve or Answer.Supply => true,
        Answer.ComputeAndVerify or Answer.SupplyAndVerify => site.Kind == SiteKind.Block,
        Answer.ComputeTokens => site.IsBranch,
        Answer.Skip => site.Kind is SiteKind.Span or SiteKind.Block,
        _ => false,
    };

    private Shape FeatureAt(Site site)
    {
        var row = site.Kind == SiteKind.Output ? run.Output : run.Stream;
        return [run.RowCount, row[0], row[1]];
    }

    private Forecast Usable(Forecast forecast, Shape shape)
    {
        var terms = forecast.Terms.Span;
        if (terms.IsEmpty || forecast.Coefficients.Length != terms.Length)
        {
            throw Wrong($"forecasts from {terms.Length} features with {forecast.Coefficients.Length} coefficients");
        }

        foreach (var term in terms)
        {
            _ = term.Buffer; // throws if it was released
            _ = term.Shape == shape ? 0 : throw Wrong($"forecasts from a feature {term.Shape} where {shape} is due");
        }

        return forecast;
    }

    private Tensor Usable(Tensor tokens, Tensor input)
    {
        if (tokens.Type != DType.Int32 || tokens.Shape.Rank != 2 || tokens.Shape[0] != input.Shape[0])
        {
            throw Wrong($"selects tokens as {tokens}, not as Int32 [{input.Shape[0]}, k]");
        }

        return Array.TrueForAll(tokens.ToInt32Array(), t => t >= 0 && t < input.Shape[1]) ? tokens
            : throw Wrong($"selects tokens that are not among the {input.Shape[1]} of a row");
    }

    private InvalidOperationException Wrong(string what) => new($"Policy {policy} {what}.");

    private void Try(Action act) => Try(() =>
    {
        act();
        return true;
    }, false);

    private T Try<T>(Func<T> act, T otherwise)
    {
        if (Failure is not null)
        {
            return otherwise;
        }

        try
        {
            return act();
        }
        catch (Exception problem)
        {
            Failure = problem;
            return otherwise;
        }
    }
}
