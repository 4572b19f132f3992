namespace Augur.Caching.Policies;

/// <summary>Which blocks lie behind a gate.</summary>
/// <param name="Depth">Blocks of the network.</param>
/// <param name="Front">Blocks before the gate, computed at every call.</param>
/// <param name="Back">Blocks behind the span, computed at every call.</param>
internal readonly record struct GatedSpan(int Depth, int Front, int Back)
{
    /// <summary>The blocks that are computed at every call to decide by; a span of none where the gate looks at something else.</summary>
    public Site FrontSite => Site.Span(0, Front);

    /// <summary>The blocks behind the gate.</summary>
    public Site Site => Site.Span(Front, Depth - Front - Back);

    /// <summary>Refuses a network that has no block for the span.</summary>
    /// <exception cref="ArgumentException">Front and back take all its blocks, or they are no chain.</exception>
    public static GatedSpan Of(string method, RunInfo run, int front, int back)
    {
        var depth = run.Map.RequireChain($"Policy {method}").BlockCount;
        return front + back < depth ? new(depth, front, back)
            : throw new ArgumentException($"Policy {method}: front={front} and back={back} leave none of this network's {depth} blocks to reuse.");
    }
}

/// <summary>
/// A span of blocks behind a gate: what the call shows before it decides whether the span is computed, or its effect forecast. The blocks
/// before and behind it are computed at every call.
/// </summary>
/// <param name="span">Which blocks.</param>
/// <param name="gate">Decides; disposed with the cache.</param>
/// <param name="memory">Of the span; disposed with the cache.</param>
/// <param name="note">What a budget cost.</param>
internal sealed class GatedSpanMemory(GatedSpan span, IGate gate, ISpanMemory memory, string? note) : ISampleMemory
{
    private NetworkCall _call;
    private GateVerdict? _verdict;

    public long ByteCount => gate.ByteCount + memory.ByteCount;

    public string? Note => note;

    public CallPlan Begin(NetworkCall call)
    {
        (_call, _verdict) = (call, gate.Begin(call));
        return new CallPlan(_verdict is { Reuses: true }).CutBefore(span.Front, span.Depth - span.Back);
    }

    public Answer Ask(Question question)
    {
        if (question.Site == Site.Output)
        {
            gate.TakeInput(question);
            return Answer.Compute;
        }

        if (question.Site == span.FrontSite)
        {
            return Answer.Compute.Observed(gate.TakeFront);
        }

        if (question.Site != span.Site)
        {
            return Answer.Compute;
        }

        var decided = gate.Decide(question);
        _verdict ??= decided;
        return _verdict.Value.Reuses ? Answer.Supply(memory.Forecast(_call.CallIndex))
            : Answer.Compute.Observed((input, output) => memory.Observe(input, output, _call.CallIndex));
    }

    public CallOutcome End()
    {
        var (reuses, indicator, threshold) = _verdict ?? GateVerdict.Compute;
        var kind = !reuses ? CallKind.Computed : span.Site.Count == span.Depth ? CallKind.Drafted : CallKind.Partial;
        return new CallOutcome(kind, indicator, threshold);
    }

    public void Dispose()
    {
        gate.Dispose();
        memory.Dispose();
    }
}
