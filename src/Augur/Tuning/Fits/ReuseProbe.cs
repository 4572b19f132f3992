using Augur.Caching;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>
/// The memory of a probing call in which some branches reuse the previous call. Blocks before the first reused branch are not computed again, because
/// the stream is known.
/// </summary>
/// <param name="reused">The branches: 2·layer is attention, 2·layer + 1 feed-forward; at least one.</param>
/// <param name="before">Branch outputs of the previous call.</param>
/// <param name="streams">Computed streams after each block of this call.</param>
internal sealed class ReuseProbe(bool[] reused, FeatureRecorder before, FeatureRecorder streams) : ISampleMemory
{
    private readonly int _first = Array.IndexOf(reused, true) / 2;

    public long ByteCount => 0;

    public CallPlan Begin(NetworkCall call) => CallPlan.Draft;

    public Answer Ask(Question question)
    {
        var site = question.Site;
        return site.Kind switch
        {
            SiteKind.Block when site.Layer == _first - 1 => Supply(streams[site]),
            SiteKind.Block when site.Layer < _first => Answer.Pass,
            SiteKind.Attention when reused[2 * site.Layer] => Supply(before[site]),
            SiteKind.Mlp when reused[(2 * site.Layer) + 1] => Supply(before[site]),
            _ => Answer.Compute,
        };
    }

    public CallOutcome End() => new(CallKind.Partial);

    public void Dispose()
    {
    }

    private static Answer Supply(Tensor feature) => Answer.Supply(new Forecast((Tensor[])[feature], (float[])[1]));
}
