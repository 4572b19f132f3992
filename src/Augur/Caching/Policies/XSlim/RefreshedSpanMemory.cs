namespace Augur.Caching.Policies;

/// <summary>
/// X-Slim for one sample: the changes that the blocks behind the front make are kept one by one and together; docs/methods/xslim.md.
/// </summary>
internal sealed class RefreshedSpanMemory : ISampleMemory
{
    private readonly XSlimOptions _options;
    private readonly GatedSpan _span;
    private readonly KeptTensor _front = new(); // the change that the front made at the last full call
    private readonly SpanMemory _all;
    private readonly SpanMemory[] _blocks;
    private readonly string? _note;
    private NetworkCall _call;
    private bool _isForced;
    private Extent _extent;
    private int _refreshes; // since the last full call
    private int _inRow; // calls since then
    private double? _change;

    /// <summary>With nothing remembered yet.</summary>
    /// <param name="options">Thresholds and limits.</param>
    /// <param name="span">The blocks that may be left out.</param>
    /// <param name="remember">Makes the memory of a block, by its place in the span; behind them that of the whole span.</param>
    /// <param name="note">What a budget cost.</param>
    public RefreshedSpanMemory(XSlimOptions options, GatedSpan span, Func<int, SpanMemory> remember, string? note)
    {
        (_options, _span, _note) = (options, span, note);
        _blocks = [.. Enumerable.Range(0, span.Site.Count).Select(remember)];
        _all = remember(span.Site.Count);
    }

    private enum Extent
    {
        Full,
        Refresh,
        Draft,
    }

    public long ByteCount => _front.ByteCount + _all.ByteCount + _blocks.Sum(block => block.ByteCount);

    public string? Note => _note;

    public CallPlan Begin(NetworkCall call)
    {
        (_call, _change, _extent) = (call, null, Extent.Full);
        _isForced = call.MustCompute || call.CallIndex < _options.Warmup || _inRow >= _options.MaxConsecutive;
        return CallPlan.Compute.CutBefore(_span.Site.Layer);
    }

    public Answer Ask(Question question)
    {
        var site = question.Site;
        if (site == _span.Front)
        {
            return Answer.Compute.Observed((input, output) => Decide(output - input));
        }

        if (site == _span.Site)
        {
            return AnswerOf(_all, isForecast: _extent == Extent.Draft);
        }

        var place = site.Layer - _span.Site.Layer;
        return site.Kind == SiteKind.Block && place >= 0 ? AnswerOf(_blocks[place], isForecast: _extent == Extent.Refresh && !IsRefreshed(place))
            : Answer.Compute;
    }

    public CallOutcome End()
    {
        var outcome = new CallOutcome(
            _extent == Extent.Full ? CallKind.Computed : CallKind.Partial,
            _change,
            _change is null ? null : _extent == Extent.Draft ? _options.Warn : _options.Critical);
        _refreshes = _extent switch { Extent.Full => 0, Extent.Refresh => _refreshes + 1, _ => _refreshes };
        _inRow = _extent == Extent.Full ? 0 : _inRow + 1;
        return outcome;
    }

    public void Dispose()
    {
        _front.Dispose();
        _all.Dispose();
        Array.ForEach(_blocks, block => block.Dispose());
    }

    private void Decide(Tensors.Tensor change)
    {
        if (!_isForced)
        {
            _change = _front.RatioTo(change);
            _extent = _change < _options.Warn ? Extent.Draft : _change < _options.Critical ? Extent.Refresh : Extent.Full; // not a number: in full
        }

        if (_extent == Extent.Full)
        {
            _front.Keep(change); // the comparison is always with the last full call
        }
    }

    private bool IsRefreshed(int place) => place % _options.Every == _refreshes % _options.Every;

    private Answer AnswerOf(SpanMemory memory, bool isForecast) => isForecast ? Answer.Supply(memory.Forecast(_call.CallIndex))
        : Answer.Compute.Observed((input, output) => memory.Observe(input, output, _call.CallIndex));
}
