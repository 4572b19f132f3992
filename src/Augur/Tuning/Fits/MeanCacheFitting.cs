using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>
/// Chooses the computed calls of <see cref="MeanCachePolicy"/> as its paper does (arXiv 2601.19961): what the drafts between two computed calls would
/// move the latent by is known of recorded uncached runs, and the path whose gaps cost least is found by dynamic programming. Costs are squares, so
/// that one large gap counts more than several small ones. No calls are made beside the recorded runs.
/// </summary>
/// <remarks>
/// An error at a call counts as much at the end as the way from there keeps of it, r/√(r² + σ²) where pictures are Gaussian with the standard
/// deviation r and σ is the noise over the signal.
/// </remarks>
public sealed class MeanCacheFitting : IRunMeasurement<MeanCacheFit>
{
    private const double Radius = 0.5; // of pictures in −1 to 1
    private const int Window = 2; // computed calls from which a slope is taken

    private readonly DiffusionModel _model;
    private readonly IReadOnlyList<GenerationRequest> _requests;
    private readonly int _count;
    private readonly int _calls;
    private readonly bool _isFlow;
    private readonly List<Recording> _recordings = [];
    private double[] _places = []; // of every call, and of the end
    private double[] _keeps = []; // what the way from there to the end keeps of an error

    /// <summary>Prepares the search.</summary>
    /// <param name="model">The model that generates the pictures.</param>
    /// <param name="requests">At least one; they may differ in condition, seed and noise only. Their caching methods are ignored.</param>
    /// <param name="count">Computed calls, at least 1 and below the calls of a run.</param>
    /// <exception cref="ArgumentException">The method does not fit the model or the sampler, or there are not as many calls.</exception>
    public MeanCacheFitting(DiffusionModel model, IReadOnlyList<GenerationRequest> requests, int count)
    {
        (_model, _requests, _count) = (model.NotNull(), requests.NotNull(), count);
        if (requests.Count == 0)
        {
            throw new ArgumentException("A calibration needs at least one picture.");
        }

        requests.ToList().ForEach(new RequestCheck(model).RequireForFit);
        _calls = ChangeRecorder.CallCountOf(model, requests[0]);
        if (count < 1 || count >= _calls)
        {
            throw new ArgumentException($"{count} computed calls cannot be had of a run of {_calls}; it has to have more.");
        }

        using var group = Begin(requests[0], new MeanCachePolicy(new MeanCacheOptions { Calls = count }));
        _isFlow = group.Trajectories[0].Path == LatentPath.Flow;
    }

    /// <inheritdoc/>
    public int CallCount => _calls;

    /// <inheritdoc/>
    public long TotalCalls => (long)_requests.Count * _calls;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Two calls stand at one place of the way, or a place is infinite.</exception>
    public MeanCacheFit Run(Action<int> onCalls, CancellationToken cancellationToken)
    {
        _recordings.Clear();
        foreach (var request in _requests)
        {
            _recordings.Add(Record(request, onCalls.NotNull(), cancellationToken));
        }

        var best = Enumerable.Range(1, Window).Select(steps =>
        {
            var costs = new Dictionary<(int Before, int At), double[]>();
            var path = CheapestPath.Of(_calls, _count, [0], Cost);
            var sum = path.Index().Sum(
                call => Cost(call.Index == 0 ? -1 : path[call.Index - 1], call.Item, call.Index + 1 < path.Length ? path[call.Index + 1] : _calls));
            return (Fit: new MeanCacheFit(path, _calls, steps), Sum: sum);

            double Cost(int before, int at, int next)
            {
                if (!costs.TryGetValue((before, at), out var known))
                {
                    costs[(before, at)] = known = CostsBehind(steps == 1 ? -1 : before, at);
                }

                return known[next - at - 1];
            }
        }).MinBy(found => found.Sum);
        return best.Fit;
    }

    private DecisionGroup Begin(GenerationRequest request, ICachePolicy policy) =>
        new RunStart(_model).Begin([request with { Cache = policy, CacheBudget = null, AuditShare = 0 }], null);

    private Recording Record(GenerationRequest request, Action<int> onCalls, CancellationToken cancellationToken)
    {
        using var group = Begin(request, NoCachePolicy.Instance);
        var sample = group.Trajectories[0];
        List<float[]> latents = [], answers = [];
        var ratios = new List<double>();
        while (!sample.Run.IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = TensorScope.Begin();
            latents.Add(sample.Run.Latent.ToArray());
            ratios.Add(sample.Run.NoiseToSignal);
            var answer = NetworkPass.Run(_model, [(sample, (ISampleMemory)new UncachedMemory(note: null))], [sample.Input]);
            answers.Add(sample.PredictionOf(answer).ToArray());
            sample.Advance(answer, new CallOutcome(CallKind.Computed));
            onCalls(1);
        }

        ratios.Add(0); // the picture
        _places = [.. ratios.Select(r => !_isFlow ? r : double.IsPositiveInfinity(r) ? 1 : r / (1 + r))];
        _keeps = [.. ratios.Select(r => double.IsPositiveInfinity(r) ? Radius
            : Radius * (_isFlow ? 1 + r : 1) / Math.Sqrt((Radius * Radius) + (r * r)))];
        if (!_places.Zip(_places.Skip(1)).All(pair => pair.First > pair.Second && double.IsFinite(pair.First)))
        {
            throw new ArgumentException(
                $"The schedule of meancache is searched where every call stands at a place of its own, nearer to the picture; {sample.Sampler} makes "
                + "calls that do not.");
        }

        return new Recording(
            [.. latents.Select((latent, call) => _isFlow ? latent : Scaled(latent, Math.Sqrt(1 + (ratios[call] * ratios[call]))))], [.. answers]);
    }

    // What the drafts behind a computed call cost, up to the next, the one after, … and the end: mean over pictures of the squared distance that
    // they move the result by.
    private double[] CostsBehind(int before, int at)
    {
        var pictures = _recordings.AsParallel().AsOrdered().Select(recording => MovedBehind(recording, before, at)).ToArray();
        return [.. Enumerable.Range(0, _calls - at).Select(gap => pictures.Average(moved => moved[gap]))];
    }

    private double[] MovedBehind(Recording recording, int before, int at)
    {
        var slope = before < 0 || at + 1 >= recording.Latents.Length ? null : Slope(recording, before, at);
        var (moved, known) = (new double[_calls - at], recording.Answers[at]);
        var off = new double[known.Length];
        for (var call = at + 1; call < _calls; call++)
        {
            var (away, step, answer) = (_places[call] - _places[at], _places[call + 1] - _places[call], recording.Answers[call]);
            var sum = 0.0;
            for (var e = 0; e < off.Length; e++)
            {
                off[e] += step * (answer[e] - known[e] - ((slope?[e] ?? 0) * away));
                sum += off[e] * off[e];
            }

            moved[call - at] = sum * _keeps[call + 1] * _keeps[call + 1];
        }

        return moved;
    }

    // As MeanVelocityMemory has it: from the velocity at the first call of the window and the mean velocity since.
    private double[] Slope(Recording recording, int before, int at)
    {
        var (from, first, here) = (recording.Latents[before], recording.Latents[before + 1], recording.Latents[at + 1]);
        double way = _places[at + 1] - _places[before], step = _places[before + 1] - _places[before], away = 0;
        for (var call = before; call <= at; call++)
        {
            away += (_places[call] - _places[before]) * (_places[call + 1] - _places[call]) / way;
        }

        return [.. from.Select((value, e) => (((here[e] - value) / way) - ((first[e] - value) / step)) / away)];
    }

    private static float[] Scaled(float[] latent, double factor) => Array.ConvertAll(latent, value => (float)(factor * value));

    /// <summary>An uncached run: each call's latent, where the way is straight while an answer holds, and its guided answer.</summary>
    private sealed record Recording(float[][] Latents, float[][] Answers);
}
