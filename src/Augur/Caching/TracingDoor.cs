using Augur.Tensors;

namespace Augur.Caching;

/// <summary>
/// A door around a door: passes everything on, and shows intermediates to whoever compares them with those of another implementation.
/// </summary>
/// <param name="inner">Answers.</param>
/// <param name="trace">Is shown each intermediate under its name in the original code, valid during the call only.</param>
internal sealed class TracingDoor(IFeatureDoor inner, Action<string, Tensor> trace) : IFeatureDoor
{
    private readonly IFeatureDoor _inner = inner ?? throw new ArgumentNullException(nameof(inner));
    private readonly Action<string, Tensor> _trace = trace ?? throw new ArgumentNullException(nameof(trace));

    /// <inheritdoc/>
    public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null) =>
        _inner.GetOrCompute(site, input, compute, offer);

    /// <inheritdoc/>
    public void Offer(Site site, Signal signal, Func<Tensor> measure) => _inner.Offer(site, signal, measure);

    /// <inheritdoc/>
    public void Show(string name, Tensor value) => _trace(name, value.NotNull().InType(DType.Float32));
}
