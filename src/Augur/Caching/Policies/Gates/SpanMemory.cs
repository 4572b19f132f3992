using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Remembers the output of a span of blocks, or the change it makes to the stream, and forecasts it.</summary>
/// <param name="memory">By what rule; disposed with this.</param>
/// <param name="isChange">The change, which is added to the current input; otherwise the output itself.</param>
internal sealed class SpanMemory(IFeatureMemory memory, bool isChange) : ISpanMemory
{
    public long ByteCount => memory.ByteCount;

    public void Observe(Tensor input, Tensor output, int callIndex) => memory.Observe(isChange ? output - input : output, callIndex, forgets: false);

    public Forecast Forecast(int callIndex) => memory.Forecast(callIndex) with { AddsToInput = isChange };

    public void Dispose() => memory.Dispose();
}
