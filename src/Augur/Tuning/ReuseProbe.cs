using Augur.Caching;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>A call in which some branches repeat the call before. Blocks ahead of the first of them are not run again: their stream is
/// known.</summary>
/// <param name="reused">The branches: 2·layer is attention, 2·layer + 1 feed-forward; at least one.</param>
/// <param name="before">Branches of the call before.</param>
/// <param name="streams">Streams behind the blocks of this call, computed.</param>
internal sealed class ReuseProbe(bool[] reused, FeatureRecorder before, FeatureRecorder streams) : ISampleMemory
{
    private readonly int _first = Array.IndexOf(reused, true) / 2;

    public long ByteCount => 0;

    public CallPlan Begin(NetworkCall call) => CallPlan.Draft;

    public Answer Ask(Site site) => site.Kind switch
    {
        SiteKind.Block when site.Layer == _first - 1 => Answer.Supply,
        SiteKind.Block when site.Layer < _first => Answer.Skip,
        SiteKind.Attention when reused[2 * site.Layer] => Answer.Supply,
        SiteKind.Mlp when reused[(2 * site.Layer) + 1] => Answer.Supply,
        _ => Answer.Compute,
    };

    public Forecast Supply(Site site) => new((Tensor[])[(site.IsBranch ? before : streams)[site]], (float[])[1]);

    public CallOutcome End() => new(CallKind.Partial);

    public void Dispose()
    {
    }
}
