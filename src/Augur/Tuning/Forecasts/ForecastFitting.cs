using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>Settings of a fit of forecasts.</summary>
public sealed record ForecastFitOptions
{
    /// <summary>Numbers of computed calls, each at least 1 and below the calls of a run; one plan is made for each.</summary>
    public IReadOnlyList<int> Calls { get; init; } = [10];

    /// <summary>The computed calls themselves, ascending; null: they are planned. Only with one number of calls.</summary>
    public IReadOnlyList<int>? Schedule { get; init; }

    /// <summary>Added to the diagonal of the least-squares problems, relative to it.</summary>
    public double Ridge { get; init; } = 1e-9;

    /// <summary>Added to each direction's problem around the weights that all directions have in common, relative to its diagonal.</summary>
    public double Pull { get; init; } = 1e-6;

    /// <summary>0: errors of all pictures count alike, so that hard ones decide; 1: relative to what each misses.</summary>
    public double Evenness { get; init; } = 1;

    /// <summary>Pictures, the first ones, from whose uncached runs the computed calls are planned.</summary>
    public int PlannedFrom { get; init; } = 64;

    /// <summary>
    /// Network calls that moving the calls of each plan may take, relative to those of the uncached runs, 0 to 1000; 0: they stand as they were
    /// planned. A given <see cref="Schedule"/> stands.
    /// </summary>
    public double Search { get; init; } = 1.5;
}

/// <summary>
/// Fits forecasts to a model in a closed loop: all calibration pictures run under the fit as it grows, and behind each computed call a small
/// least-squares problem is solved for each direction of a token, so that the latent at the next computed call (and at the end the result) is nearest
/// to the uncached one. No gradients; each picture costs an uncached run once, a run under the fit for each plan, and a part of one for each move of
/// a planned call that is tried.
/// </summary>
public sealed class ForecastFitting
{
    private readonly DiffusionModel _model;
    private readonly IReadOnlyList<GenerationRequest> _requests;
    private readonly ForecastFitOptions _options;
    private readonly IForecaster _rule = new AugurOptions().Draft;
    private readonly ForecastTrack[] _tracks;
    private readonly TokenLayout _layout;
    private readonly SamplerPath _path;
    private readonly ForecastFit _frame; // the fit, but for its plans and directions
    private readonly int _calls;
    private readonly NetworkMap _map;

    /// <summary>Prepares the fit.</summary>
    /// <param name="model">The model that generates the pictures.</param>
    /// <param name="requests">Requests to learn from, at least one; they may differ in condition, seed and noise only.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="ArgumentException">The model cannot serve a request, or forecasts cannot be fitted to its sampler or network.</exception>
    public ForecastFitting(DiffusionModel model, IReadOnlyList<GenerationRequest> requests, ForecastFitOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(options);
        var check = new RequestCheck(model);
        if (requests.Count == 0)
        {
            throw new ArgumentException("Forecasts are fitted to at least one picture.");
        }

        requests.ToList().ForEach(check.RequireForFit);
        (_model, _requests, _options) = (model, requests, options);
        var start = new RunStart(model);
        _tracks = [.. requests.Select(request => new ForecastTrack(start, request))];
        using var probe = new ForecastTrack(start, requests[0]);
        probe.Begin();
        var sample = probe.Sample;
        (_calls, _map) = (sample.Run.CallCount, sample.Map);
        RequirePlans();
        _path = SamplerPath.Of(
            check.SamplerOf(requests[0]), requests[0].LatentShape ?? model.Denoiser.LatentShape, requests[0].Steps, model.Denoiser.Prediction,
            model.Denoiser.Backend);
        _layout = TokenLayout.Of(model, sample);
        _frame = new ForecastFit
        {
            Name = "being made",
            Draft = _rule.Name,
            Sampler = sample.Sampler!,
            Guidance = sample.Guidance!.Value,
            Rows = sample.RowCount,
            Calls = _calls,
            Outputs = sample.Map.Output[1],
            Tokens = sample.Map.Output[0],
            Width = 0,
            Columns = _layout.Columns,
            Basis = [],
            Mean = [],
            Plans = [],
        };
    }

    /// <summary>Network calls, of one sample each, that the fit makes.</summary>
    public long TotalCalls => ((long)_requests.Count * (_calls + (Plans * _options.Calls.Sum()))) + (_options.Calls.Count * SearchCalls);

    private int Plans => _options.Schedule is null ? 2 : 1; // with the first call computed, and without

    private long SearchCalls => _options.Schedule is null ? (long)(_options.Search * _requests.Count * _calls) : 0;

    /// <summary>Fits.</summary>
    /// <param name="onCalls">Called with the number of network calls done since the last call.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ForecastFitResult Run(Action<int> onCalls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(onCalls);
        try
        {
            foreach (var batch in _tracks.Chunk(ForecastTrack.Together(_frame.Rows)))
            {
                Record(batch, onCalls, cancellationToken);
            }

            var latents = _tracks.Select(t => _layout.ToTokens(t.Uncached[^1])).ToArray();
            var basis = TokenDirections.Of(latents, _layout.Columns.Length);
            var stream = _tracks.Length >= HeadFit.LeastPictures && LastStream.Of(_map) is { } last && _frame.Rows * last.Width <= HeadFit.MostInputs
                ? last : null;
            var fit = _frame with { Basis = basis, Mean = TokenDirections.Project(MeanOf(latents), basis), Width = stream?.Width ?? 0 };
            Array.ForEach(_tracks, track => track.Begin(stream));
            var planner = _options.Schedule is null ? ForecastPlanner.Of(
                _tracks, _options.PlannedFrom, fit, _layout, _model.Denoiser.Prediction) : null;
            var loop = new ForecastLoop(_model, _tracks, fit, _rule, _path, _layout, _options);
            var (plans, errors) = (new List<ForecastPlan>(), new List<double[]>());
            foreach (var count in _options.Calls)
            {
                var search = new ForecastSearch(loop, _tracks, _calls, onCalls);
                int[][] begin = planner is null ? [[.. _options.Schedule!]] : [planner.Plan(count, opens: false), planner.Plan(count, opens: true)];
                search.Run(begin, SearchCalls, cancellationToken);
                var (computed, gaps) = (search.Best.Computed, search.Best.Gaps);
                plans.Add(new ForecastPlan(
                    computed, gaps[0].Weights, [.. gaps.Skip(1).Select(g => g.Weights)], [.. gaps.Skip(1).Select(g => g.Head)]));
                errors.Add(search.Errors);
            }

            return new ForecastFitResult(fit with { Plans = [.. plans] }, errors, _requests[0]);
        }
        finally
        {
            Array.ForEach(_tracks, track => track.Dispose());
        }
    }

    private void RequirePlans()
    {
        foreach (var count in _options.Calls)
        {
            if (count < 1 || count >= _calls || (_options.Schedule is { } given && given.Count != count))
            {
                throw new ArgumentException(
                    $"{count} computed calls cannot be had of {_calls} calls, or are not those of the schedule that was given.");
            }
        }

        if (_options.Schedule is { } s && (s.Count == 0 || s[0] < 0 || s[^1] >= _calls || s.Zip(s.Skip(1)).Any(pair => pair.First >= pair.Second)))
        {
            throw new ArgumentException($"The schedule {string.Join('-', s)} does not ascend within the calls 0 to {_calls - 1}.");
        }
    }

    private void Record(ForecastTrack[] tracks, Action<int> onCalls, CancellationToken cancellationToken)
    {
        Array.ForEach(tracks, track => track.Begin());
        for (var call = 0; call < _calls; call++)
        {
            Array.ForEach(tracks, track => track.Uncached.Add(track.Sample.Run.Latent.ToArray()));
            Array.ForEach(tracks, track => track.Noisiness.Add(track.Sample.Run.NoiseToSignal));
            Array.ForEach(tracks, track => track.Times.Add((track.Sample.Run.Timestep, track.Sample.Run.StepIndex)));
            Step(tracks, KeepAnswer, cancellationToken);
            onCalls(tracks.Length);
        }

        Array.ForEach(tracks, track => track.Uncached.Add(track.Sample.Run.Latent.ToArray()));
        Array.ForEach(tracks, track => track.Dispose());

        void KeepAnswer(ForecastTrack track, Tensor answer)
        {
            if (_options.Schedule is null && Array.IndexOf(_tracks, track) < _options.PlannedFrom)
            {
                track.Answers.Add(track.RowsOf(answer));
            }
        }
    }

    private static float[] MeanOf(float[][] latents)
    {
        var mean = new float[latents[0].Length];
        foreach (var latent in latents)
        {
            for (var e = 0; e < mean.Length; e++)
            {
                mean[e] += latent[e] / latents.Length;
            }
        }

        return mean;
    }

    private void Step(ForecastTrack[] tracks, Action<ForecastTrack, Tensor> observe, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = TensorScope.Begin();
        var answer = NetworkPass.Run(_model, [.. tracks.Select(track => track.Ask())]);
        for (var i = 0; i < tracks.Length; i++)
        {
            var rows = answer.Rows(i * _frame.Rows, _frame.Rows);
            observe(tracks[i], rows);
            tracks[i].Advance(rows);
        }
    }
}
