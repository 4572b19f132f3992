namespace Augur.Caching.Policies;

/// <summary>
/// Δ-DiT for one sample: on computed calls both spans are observed, so that either is known when the phase changes; docs/methods/delta-dit.md.
/// </summary>
/// <param name="options">Interval and switch.</param>
/// <param name="depth">Blocks of the network.</param>
/// <param name="length">Blocks of a span, at most half of them.</param>
/// <param name="front">Of the span at the front; disposed with the cache.</param>
/// <param name="back">Of the span at the back; disposed with the cache.</param>
/// <param name="note">What a budget cost.</param>
internal sealed class TwoSpanMemory(DeltaDitOptions options, int depth, int length, ISpanMemory front, ISpanMemory back, string? note) : ISampleMemory
{
    private readonly Site _front = Site.Span(0, length);
    private readonly Site _back = Site.Span(depth - length, length);
    private NetworkCall _call;
    private Site? _reused;

    public long ByteCount => front.ByteCount + back.ByteCount;

    public string? Note => note;

    public CallPlan Begin(NetworkCall call)
    {
        _call = call;
        _reused = call.MustCompute || call.CallIndex % options.Interval == 0 ? null
            : call.CallIndex < options.Switch * call.CallCount ? _back : _front;
        return new CallPlan(_reused is not null).CutBefore(length, depth - length);
    }

    public Answer Ask(Question question)
    {
        var site = question.Site;
        return site == _reused ? Answer.Supply(MemoryOf(site).Forecast(_call.CallIndex))
            : _reused is null && (site == _front || site == _back)
            ? Answer.Compute.Observed((input, output) => MemoryOf(site).Observe(input, output, _call.CallIndex))
            : Answer.Compute;
    }

    public CallOutcome End() => new(_reused is null ? CallKind.Computed : CallKind.Partial);

    public void Dispose()
    {
        front.Dispose();
        back.Dispose();
    }

    private ISpanMemory MemoryOf(Site site) => site == _front ? front : back;
}
