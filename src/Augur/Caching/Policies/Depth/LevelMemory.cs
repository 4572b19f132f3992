using Augur.Caching.Forecasting;

namespace Augur.Caching.Policies;

/// <summary>Keeps one level's feature; for one sample.</summary>
internal sealed class LevelMemory(Site level, bool[] plan, IFeatureMemory feature, string? note) : ISampleMemory
{
    private NetworkCall _call;
    private bool _isShallow;

    public long ByteCount => feature.ByteCount;

    public string? Note => note;

    public CallPlan Begin(NetworkCall call)
    {
        (_call, _isShallow) = (call, !call.MustCompute && !plan[call.CallIndex]);
        return _isShallow ? CallPlan.Draft : CallPlan.Compute;
    }

    public Answer Ask(Question question) => question.Site != level ? Answer.Compute
        : _isShallow ? Answer.Supply(feature.Forecast(_call.CallIndex))
        : Answer.Compute.Observed((_, computed) => feature.Observe(computed, _call.CallIndex, forgets: false));

    public CallOutcome End() => new(_isShallow ? CallKind.Partial : CallKind.Computed);

    public void Dispose() => feature.Dispose();
}
