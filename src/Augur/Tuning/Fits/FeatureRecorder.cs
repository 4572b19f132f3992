using Augur.Caching;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>A sample memory that computes everything and keeps the features of chosen sites until it is disposed.</summary>
/// <param name="keeps">Whether the feature of a site is kept.</param>
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
