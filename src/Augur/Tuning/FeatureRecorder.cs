using Augur.Caching;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>Computes everything and keeps the features at chosen sites until it is disposed.</summary>
/// <param name="keeps">Which sites.</param>
internal sealed class FeatureRecorder(Func<Site, bool> keeps) : ISampleMemory
{
    private readonly Dictionary<Site, Tensor> _features = [];

    public long ByteCount => _features.Values.Sum(f => f.ByteCount);

    /// <summary>A kept feature, [rows, tokens, channels].</summary>
    public Tensor this[Site site] => _features[site];

    public CallPlan Begin(NetworkCall call) => CallPlan.Compute;

    public Answer Ask(Question question) => !keeps(question.Site) ? Answer.Compute
        : Answer.Compute.Observed((_, feature) => _features[question.Site] = feature.Copy().Retain());

    public CallOutcome End() => new(CallKind.Computed);

    public void Dispose()
    {
        foreach (var feature in _features.Values)
        {
            feature.Dispose();
        }
    }
}
