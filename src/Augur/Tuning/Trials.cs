namespace Augur.Tuning;

/// <summary>How the calls between computed calls are forecast.</summary>
/// <param name="Draft">The forecaster with its settings, in the catalog's notation.</param>
/// <param name="Granularity">Which features are extrapolated, in the catalog's notation.</param>
internal sealed record Extrapolation(string Draft, string Granularity);

/// <summary>A candidate of the search.</summary>
/// <param name="Policy">In the catalog's notation, such as <c>speca(order=4)</c>.</param>
/// <param name="Calls">Its computed calls; null if it decides at run time by verification.</param>
/// <param name="Extrapolation">The forecast of the other calls; null likewise.</param>
/// <param name="Few">Its trial on the few pictures for comparing neighbours, or on half of them if that was enough to reject it.</param>
internal sealed record Candidate(string Policy, int[]? Calls, Extrapolation? Extrapolation, Trial Few);

/// <summary>Tries policies on calibration pictures: on a few of them to compare neighbours, on all of them to choose the result.</summary>
/// <param name="calibration">The pictures.</param>
/// <param name="limit">Largest number of policies to try.</param>
/// <param name="work">Keeps account of every trial.</param>
internal sealed class Trials(ICalibration calibration, int limit, SearchWork work)
{
    private const double Hopeless = 1; // decibels below the best, on half of the few pictures, at which a candidate is rejected
    private readonly List<Candidate> _bests = [];
    private readonly Dictionary<string, Candidate> _tried = [];
    private readonly Dictionary<string, Trial> _all = [];

    /// <summary>Number of policies tried; a repeated policy is not tried again.</summary>
    public int Tried => _tried.Count;

    /// <summary>Number of pictures on which neighbours are compared: a third.</summary>
    public int Few { get; } = FewOf(calibration);

    /// <inheritdoc cref="Few"/>
    public static int FewOf(ICalibration calibration) => Math.Max(1, calibration.Count / 3);

    /// <summary>Number of network calls of a picture.</summary>
    public async Task<int> CallCountAsync(CancellationToken cancellationToken)
    {
        var count = await calibration.CallCountAsync(work.Uncached, cancellationToken);
        work.Enter(SearchStage.Trying);
        return count;
    }

    /// <summary>Tries a schedule: some calls are computed and the others extrapolated.</summary>
    /// <param name="calls">Indices of the computed calls, ascending from 0.</param>
    /// <param name="extrapolation">How the other calls are forecast.</param>
    /// <param name="rival">
    /// The best candidate so far: one that is a decibel worse on half of the pictures is not tried on the other half; null: none.
    /// </param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    public async Task<Candidate> ScheduleAsync(int[] calls, Extrapolation extrapolation, Candidate? rival, CancellationToken cancellationToken) =>
        await TryAsync(await NameAsync(calls, extrapolation, "", cancellationToken), calls, extrapolation, rival, cancellationToken);

    /// <summary>Tries a schedule in which some tokens are computed in the other calls.</summary>
    public async Task<Candidate> TokensAsync(int[] calls, string draft, string tokens, Candidate rival, CancellationToken cancellationToken) =>
        await TryAsync(await NameAsync(calls, new(draft, "branch"), $",tokens={tokens}", cancellationToken), null, null, rival, cancellationToken);

    /// <summary>Tries any policy.</summary>
    public Task<Candidate> PolicyAsync(string policy, Candidate? rival, CancellationToken cancellationToken) =>
        TryAsync(policy, null, null, rival, cancellationToken);

    /// <summary>The better of two, on the few pictures.</summary>
    public Candidate Better(Candidate best, Candidate tried) =>
        tried.Few.Quality.Count < best.Few.Quality.Count || tried.Few.MeanQuality <= best.Few.MeanQuality ? best : Best(tried);

    /// <summary>Notes a new best.</summary>
    public Candidate Best(Candidate tried)
    {
        _bests.Add(tried);
        work.Best(tried.Few);
        return tried;
    }

    /// <summary>Measures a candidate on all pictures.</summary>
    public async Task<Trial> AllAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        if (_all.TryGetValue(candidate.Policy, out var known))
        {
            return known;
        }

        var have = candidate.Few.Quality.Count;
        if (have == calibration.Count)
        {
            return _all[candidate.Policy] = candidate.Few;
        }

        var further = await calibration.MeasureAsync(candidate.Policy, have, calibration.Count - have, null, cancellationToken);
        work.Drawn(further);
        return _all[candidate.Policy] = candidate.Few.And(further);
    }

    /// <summary>
    /// Of the most recent best candidates on the few pictures, the best one on all pictures, because a search overfits to the few pictures.
    /// </summary>
    /// <param name="allows">Whether a trial may be chosen.</param>
    /// <param name="isFixed">Whether to consider only candidates that compute the same calls for every picture.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    public async Task<Trial?> FinalAsync(Func<Trial, bool> allows, bool isFixed, CancellationToken cancellationToken)
    {
        work.Enter(SearchStage.Judging);
        Trial? final = null;
        foreach (var candidate in _bests.Where(b => allows(b.Few) && (!isFixed || b.Calls is not null)).DistinctBy(b =>
            b.Policy).TakeLast(SearchWork.Finalists))
        {
            var all = await AllAsync(candidate, cancellationToken);
            final = allows(all) && (final is null || all.MeanQuality > final.MeanQuality) ? all : final;
        }

        return final;
    }

    /// <summary>
    /// The result if the search is stopped now: the best trial that seems to meet the target, among those measured on the most pictures; null: none
    /// yet.
    /// </summary>
    public Trial? BestSoFar(TuningTarget target)
    {
        var judgedMost = _tried.Values.Select(c => _all.GetValueOrDefault(c.Policy, c.Few));
        var met = judgedMost.Where(t => t.Quality.Count >= Few && target.SeemsMet(t)).ToList();
        var judged = met.Where(t => t.Quality.Count == met.Max(m => m.Quality.Count));
        return target.Speedup is null ? judged.MaxBy(t => t.FlopsSpeedup) : judged.MaxBy(t => t.MeanQuality);
    }

    private async Task<string> NameAsync(int[] calls, Extrapolation extrapolation, string further, CancellationToken cancellationToken) =>
        $"taylorseer(schedule=list({string.Join('-', calls)},of={await calibration.CallCountAsync(null, cancellationToken)}),"
        + $"draft={extrapolation.Draft},granularity={extrapolation.Granularity}{further})";

    private async Task<Candidate> TryAsync(string policy, int[]? calls, Extrapolation? extrapolation, Candidate? rival,
        CancellationToken cancellationToken)
    {
        if (_tried.TryGetValue(policy, out var known) && (known.Few.Quality.Count == Few || rival is not null))
        {
            return known;
        }

        if (known is null && Tried == limit)
        {
            throw new InvalidOperationException($"The search has tried its {limit} settings.");
        }

        var half = (Few + 1) / 2;
        var trial = known?.Few ?? await calibration.MeasureAsync(policy, 0, half, work.Uncached, cancellationToken);
        if (half < Few && (rival is null || trial.MeanQuality >= rival.Few.Quality.Take(half).Average() - Hopeless))
        {
            trial = trial.And(await calibration.MeasureAsync(policy, half, Few - half, null, cancellationToken));
        }

        (known is null ? (Action<Trial>)work.Tried : work.Drawn)(trial);
        return _tried[policy] = new(trial.Policy, calls, extrapolation, trial);
    }
}
