using Augur.Tensors;

namespace Augur.Caching;

/// <summary>Computes everything: the uncached run that every method is measured against.</summary>
public sealed class NoCachePolicy : ICachePolicy
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public IFeatureCache Open(RunInfo run) => new Cache();

    private sealed class Cache : IFeatureCache
    {
        private CallOutcome[] _outcomes = [];

        public void BeginCall(NetworkCall call) => _outcomes = new CallOutcome[call.Rows.Count];

        public void Offer(Signal signal, Func<Tensor> value)
        {
        }

        public Tensor GetOrCompute(Site site, Tensor input, ComputeFeature compute) => compute(input, Selection.Everything);

        public IReadOnlyList<CallOutcome> EndCall() => _outcomes;

        public void Dispose()
        {
        }
    }
}
