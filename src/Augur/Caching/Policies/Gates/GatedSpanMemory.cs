using System.Collections.Immutable;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>What lies behind a gate: a span of blocks, or what comes up inside a level of a U-Net.</summary>
/// <param name="Front">What is computed at every call to decide by; a span of no blocks where the gate looks at something else.</param>
/// <param name="Site">What lies behind the gate.</param>
/// <param name="Cuts">Where the call is cut for that.</param>
/// <param name="IsWhole">Whether nothing else of the network is computed where this is reused.</param>
internal readonly record struct GatedSpan(Site Front, Site Site, ImmutableArray<int> Cuts, bool IsWhole)
{
    /// <summary>Blocks behind the first ones and before the last ones. Refuses a network that has none for it.</summary>
    /// <exception cref="ArgumentException">Front and back take all its blocks, or they are no chain.</exception>
    public static GatedSpan Of(string method, RunInfo run, int front, int back)
    {
        var depth = run.Map.RequireChain($"Policy {method}").BlockCount;
        return front + back < depth
            ? new(Site.Span(0, front), Site.Span(front, depth - front - back), [front, depth - back], front + back == 0)
            : throw new ArgumentException($"Policy {method}: front={front} and back={back} leave none of this network's {depth} blocks to reuse.");
    }

    /// <summary>
    /// The same; of a U-Net what comes up inside its first layer, whose skip connection the gate sees, and the layers on the way up that read it and
    /// the one around it are computed at every call.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The network has no part for it; of a U-Net the front is the first layer, and no other than its own layers can be computed behind it.
    /// </exception>
    public static GatedSpan OrLevel(string method, RunInfo run, int front, int back) =>
        !run.Map.RequireChainOrLevels($"Policy {method}").HasLevels ? Of(method, run, front, back)
        : (front, back) != (1, 0) ? throw new ArgumentException(
            $"Policy {method}: front={front} and back={back} are for a chain of blocks; of a U-Net the front is its first layer (front=1, back=0).")
        : run.Map.Has(Site.Down(1)) ? new(Site.Down(1), Site.Level(1), [], IsWhole: false)
        : throw new ArgumentException($"Policy {method} looks at the first layer on the way down, which this U-Net does not show.");

    /// <summary>Elements of what lies behind the gate, of all rows of a run.</summary>
    public long Elements(RunInfo run) => run.RowCount * FeatureOf(run.Map, Site).ElementCount;

    /// <summary>What a site gives, one row: [tokens, channels].</summary>
    public static Shape FeatureOf(NetworkMap map, Site site) => map.Has(site) ? map[site].Feature : map.Stream;
}

/// <summary>
/// A part of the network behind a gate: what the call shows before it decides whether the part is computed, or its effect forecast. What lies
/// before and behind it is computed at every call.
/// </summary>
/// <param name="span">Which part.</param>
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
        return new CallPlan(_verdict is { Reuses: true }).CutBefore([.. span.Cuts]);
    }

    public Answer Ask(Question question)
    {
        if (question.Site == Site.Output)
        {
            gate.TakeInput(question);
            return Answer.Compute;
        }

        if (question.Site == span.Front)
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
        var kind = !reuses ? CallKind.Computed : span.IsWhole ? CallKind.Drafted : CallKind.Partial;
        return new CallOutcome(kind, indicator, threshold);
    }

    public void Dispose()
    {
        gate.Dispose();
        memory.Dispose();
    }
}
