namespace Augur.Tuning;

/// <summary>How the calls between computed ones are forecast.</summary>
/// <param name="Draft">The rule of extrapolation, a phrase.</param>
/// <param name="Granularity">What is extrapolated, as the notation names it.</param>
internal sealed record Extrapolation(string Draft, string Granularity);

/// <summary>What a search proposes.</summary>
/// <param name="Policy">As the catalog names it.</param>
/// <param name="Calls">Its computed calls; null: it verifies and decides for itself.</param>
/// <param name="Extrapolation">What lies between them; null likewise.</param>
/// <param name="Few">What it did to the few pictures that neighbours are compared on; to half of them, where that sufficed to drop it.</param>
internal sealed record Candidate(string Policy, int[]? Calls, Extrapolation? Extrapolation, Trial Few);

/// <summary>Tries policies on calibration pictures: on few of them to compare neighbours, on all of them to judge what a search settles on.</summary>
/// <param name="calibration">The pictures.</param>
/// <param name="limit">Most policies to try.</param>
/// <param name="work">Is told of every trial.</param>
internal sealed class Trials(Calibration calibration, int limit, SearchWork work)
{
    private const double Hopeless = 1; // decibels below the best on half of the few pictures
    private readonly List<Candidate> _bests = [];
    private readonly Dictionary<string, Candidate> _tried = [];
    private readonly Dictionary<string, Trial> _all = [];

    /// <summary>Policies tried; one that comes again is not tried again.</summary>
    public int Tried => _tried.Count;

    /// <summary>Pictures that neighbours are compared on: a third.</summary>
    public int Few { get; } = FewOf(calibration);

    /// <inheritdoc cref="Few"/>
    public static int FewOf(Calibration calibration) => Math.Max(1, calibration.Count / 3);

    /// <summary>Network calls of a picture.</summary>
    public async Task<int> CallCountAsync(CancellationToken cancellationToken)
    {
        var count = await calibration.CallCountAsync(work.Uncached, cancellationToken);
        work.Enter(SearchStage.Trying);
        return count;
    }

    /// <summary>Tries computed calls with an extrapolation between them.</summary>
    /// <param name="calls">Ascending from 0.</param>
    /// <param name="extrapolation">Of the others.</param>
    /// <param name="rival">The best so far: what loses a decibel against it on half of the pictures is not worth the others.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    public async Task<Candidate> ScheduleAsync(int[] calls, Extrapolation extrapolation, Candidate? rival, CancellationToken cancellationToken) =>
        await TryAsync(await NameAsync(calls, extrapolation, "", cancellationToken), calls, extrapolation, rival, cancellationToken);

    /// <summary>Tries computed calls, with some tokens computed in the calls between them.</summary>
    public async Task<Candidate> TokensAsync(int[] calls, string draft, string tokens, Candidate rival, CancellationToken cancellationToken) =>
        await TryAsync(await NameAsync(calls, new(draft, "branch"), $",tokens={tokens}", cancellationToken), null, null, rival, cancellationToken);

    /// <summary>Tries any policy.</summary>
    public Task<Candidate> PolicyAsync(string policy, Candidate? rival, CancellationToken cancellationToken) =>
        TryAsync(policy, null, null, rival, cancellationToken);

    /// <summary>The better of two, on the few pictures.</summary>
    public Candidate Better(Candidate best, Candidate tried) =>
        tried.Few.Psnr.Count < best.Few.Psnr.Count || tried.Few.MeanPsnr <= best.Few.MeanPsnr ? best : Best(tried);

    /// <summary>Notes a new best.</summary>
    public Candidate Best(Candidate tried)
    {
        _bests.Add(tried);
        work.Best(tried.Few);
        return tried;
    }

    /// <summary>What a candidate does to all the pictures.</summary>
    public async Task<Trial> AllAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        if (_all.TryGetValue(candidate.Policy, out var known))
        {
            return known;
        }

        var have = candidate.Few.Psnr.Count;
        if (have == calibration.Count)
        {
            return _all[candidate.Policy] = candidate.Few;
        }

        var further = await calibration.MeasureAsync(candidate.Policy, have, calibration.Count - have, null, cancellationToken);
        work.Drawn(further);
        return _all[candidate.Policy] = candidate.Few.And(further);
    }

    /// <summary>Of the last that were the best on the few pictures, the best on all of them: a search learns its few pictures by heart.</summary>
    /// <param name="allows">What may be chosen.</param>
    /// <param name="isFixed">Only such as compute the same calls on every picture.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    public async Task<Trial?> FinalAsync(Func<Trial, bool> allows, bool isFixed, CancellationToken cancellationToken)
    {
        work.Enter(SearchStage.Judging);
        Trial? final = null;
        foreach (var candidate in _bests.Where(b => allows(b.Few) && (!isFixed || b.Calls is not null)).DistinctBy(b =>
            b.Policy).TakeLast(SearchWork.Finalists))
        {
            var all = await AllAsync(candidate, cancellationToken);
            final = allows(all) && (final is null || all.MeanPsnr > final.MeanPsnr) ? all : final;
        }

        return final;
    }

    /// <summary>What a search that is stopped now has found: of what seems to meet the target, judged on as many pictures as any, the best; null:
    /// nothing yet.</summary>
    public Trial? BestSoFar(TuningTarget target)
    {
        var met = _tried.Values.Select(c => _all.GetValueOrDefault(c.Policy, c.Few)).Where(t => t.Psnr.Count >= Few && target.SeemsMet(t)).ToList();
        var judged = met.Where(t => t.Psnr.Count == met.Max(m => m.Psnr.Count));
        return target.Speedup is null ? judged.MaxBy(t => t.FlopsSpeedup) : judged.MaxBy(t => t.MeanPsnr);
    }

    private async Task<string> NameAsync(int[] calls, Extrapolation extrapolation, string further, CancellationToken cancellationToken) =>
        $"taylorseer(schedule=list({string.Join('-', calls)},of={await calibration.CallCountAsync(null, cancellationToken)}),"
        + $"draft={extrapolation.Draft},granularity={extrapolation.Granularity}{further})";

    private async Task<Candidate> TryAsync(string policy, int[]? calls, Extrapolation? extrapolation, Candidate? rival,
        CancellationToken cancellationToken)
    {
        if (_tried.TryGetValue(policy, out var known) && (known.Few.Psnr.Count == Few || rival is not null))
        {
            return known;
        }

        if (known is null && Tried == limit)
        {
            throw new InvalidOperationException($"The search has tried its {limit} settings.");
        }

        var half = (Few + 1) / 2;
        var trial = known?.Few ?? await calibration.MeasureAsync(policy, 0, half, work.Uncached, cancellationToken);
        if (half < Few && (rival is null || trial.MeanPsnr >= rival.Few.Psnr.Take(half).Average() - Hopeless))
        {
            trial = trial.And(await calibration.MeasureAsync(policy, half, Few - half, null, cancellationToken));
        }

        (known is null ? (Action<Trial>)work.Tried : work.Drawn)(trial);
        return _tried[policy] = new(trial.Policy, calls, extrapolation, trial);
    }
}
