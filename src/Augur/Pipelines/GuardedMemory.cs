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
    private readonly Dictionary<ISampleMemory, GuardedMemory> _rows = [];

    /// <summary>What went wrong first; null: nothing.</summary>
    public Exception? Failure { get => field ?? _rows.Values.Select(row => row.Failure).FirstOrDefault(f => f is not null); private set; }

    /// <inheritdoc/>
    public IReadOnlyList<ISampleMemory>? Rows => Try(
        () => memory.Rows is not { } rows ? null
            : rows.Count < 1 || rows.Count > run.RowCount || run.RowCount > run.RowsPerSample
            ? throw Wrong($"runs {rows.Count} of {run.RowCount} rows")
            : (IReadOnlyList<ISampleMemory>)[.. rows.Select(Guarded)],
        null);

    /// <inheritdoc/>
    public Tensor Complete(Tensor answer) => Try(
        () => memory.Complete(answer) is { } all && all.Shape == answer.Shape.With(0, run.RowCount) ? all
            : throw Wrong($"does not make the answers of {run.RowCount} rows"),
        answer);

    public long ByteCount => Try(() => memory.ByteCount, 0);

    public string? Note => Try(() => memory.Note, null);

    public CallPlan Begin(NetworkCall call) => Try(
        () =>
        {
            var plan = memory.Begin(call);
            return plan.IsDraft && call.MustCompute ? throw Wrong("drafts a call that must be computed")
                : plan.Cuts is null || plan.Cuts.Any(cut => cut > 0 && cut < run.Map.BlockCount && !run.Map.Cuts.Contains(cut))
                ? throw Wrong("cuts the network where it cannot be cut")
                : plan;
        },
        CallPlan.Compute);

    public Answer Ask(Question question)
    {
        var answer = Try(
            () => memory.Ask(question) is { } given && Fits(given, question) ? given
                : throw Wrong($"has no fitting answer at {question.Site}"), Answer.Compute);
        return answer with
        {
            Forecast = answer.Forecast is { } forecast ? () => Formed(forecast, question.Site) : null,
            Select = answer.Select is { } select ? input => Try(() => select(input) is { } tokens ? Usable(tokens, input) : null, null) : null,
            Merge = answer.Merge is { } merge ? (tokens, fresh) => Try(() => merge(tokens, fresh)) : null,
            Observe = answer.Observe is { } observe ? (input, feature) => Try(() => observe(input, feature)) : null,
            InsideForecast = answer.InsideForecast is { } inside ? () => Formed(inside, answer.Inside!.Value) : null,
            Judge = answer.Judge is { } judge ? verification => Try(() => judge(verification)) : null,
            Hear = answer.Hear is { } hear ? signal => Try(() => hear(signal)) : null,
        };
    }

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

    private GuardedMemory Guarded(ISampleMemory row)
    {
        if (!_rows.TryGetValue(row, out var guarded))
        {
            _rows[row] = guarded = new GuardedMemory(row, policy, run with { RowCount = 1, RowsPerSample = 1 }, backend);
        }

        return guarded;
    }

    private bool Fits(Answer answer, Question question) =>
        (!answer.IsVerified || (AreTokens(answer.VerifiedTokens, question) && (answer.Inside is { } inside
            ? question.Site == Site.Output && inside.Kind is SiteKind.Level or SiteKind.Span && run.Map.Has(inside)
            : question.Site.Kind is SiteKind.Block or SiteKind.Fused)))
        && (!answer.RunsTokens || question.Site.IsTokenwise)
        && (answer.Forecast is null || run.Map.IsChain || run.Map.Has(question.Site)) // the shape of its feature is known
        && (!answer.Passes || question.Site.Kind is SiteKind.Span or SiteKind.Block or SiteKind.Level);

    private static bool AreTokens(int[]? tokens, Question question)
    {
        var count = tokens is null ? 0 : question.Input.Shape[1];
        return tokens is null || (tokens.Length > 0 && Array.TrueForAll(tokens, t => t >= 0 && t < count));
    }

    private Forecast Formed(Func<Forecast> forecast, Site site)
    {
        var row = run.Map.Has(site) ? run.Map[site].Feature : run.Map.Stream;
        Shape shape = [run.RowCount, row[0], row[1]];
        return Failure is null && Try(() => (Forecast?)Usable(forecast(), shape), null) is { } formed
            ? formed
            : new Forecast((Tensor[])[Tensor.Zeros(backend, shape)], (float[])[1]);
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

    private IndexTable Usable(IndexTable tokens, Tensor input)
    {
        if (tokens.Shape.Rank != 2 || tokens.Shape[0] != input.Shape[0])
        {
            throw Wrong($"selects tokens as an {tokens}, not [{input.Shape[0]}, k]");
        }

        // A table that a device made is in range by how it was made.
        return !tokens.IsOnHost || !tokens.Indices.ContainsAnyExceptInRange(0, input.Shape[1] - 1) ? tokens
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
            return TensorScope.Enclose(act);
        }
        catch (Exception problem)
        {
            Failure = problem;
            return otherwise;
        }
    }
}
