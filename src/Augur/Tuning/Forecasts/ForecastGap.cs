using Augur.Caching.Policies;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>What is learned of one gap between computed calls from some pictures: weights by direction, then what they leave.</summary>
internal sealed class ForecastGap
{
    private readonly float[][] _own;
    private readonly ForecastMixing? _mixing;

    /// <summary>Learns.</summary>
    /// <param name="pictures">At least one.</param>
    /// <param name="options">How.</param>
    /// <param name="backend">Where large products are formed.</param>
    public ForecastGap(List<FittedPicture> pictures, ForecastFitOptions options, IBackend backend)
    {
        var system = new ForecastSystem(pictures[0].Features.Length, pictures[0].Directions);
        pictures.ForEach(picture => system.Add(picture.Features, picture.Missing, picture.Weight));
        _own = system.Solve(options.Ridge, options.Pull);
        _mixing = options.Mixes ? new ForecastMixing(pictures, _own, backend) : null;
    }

    /// <summary>At which ridge directions speak to each other; null: they do not.</summary>
    public double? ChooseRidge() => _mixing?.ChooseRidge();

    /// <summary>Writes what was learned into a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="at">Which of its computed calls the gap is behind.</param>
    /// <param name="ridge">As <see cref="ChooseRidge"/>.</param>
    public void WriteTo(ForecastPlan plan, int at, double? ridge) =>
        (plan.Weights[at], plan.Bias[at], plan.Mix[at]) = (_own, _mixing?.Bias ?? [], _mixing is not null && ridge is { } r ? _mixing.Mix(r) : []);
}
