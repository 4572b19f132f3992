namespace Augur.Tuning;

/// <summary>Options of a search for the best trades of quality against cost.</summary>
public sealed record FrontOptions
{
    /// <summary>Most policies to try, 8 to 100,000; what was tried before a stop is not counted again.</summary>
    public int Trials
    {
        get; init => field = value is >= 8 and <= 100_000 ? value
        : throw new ArgumentException($"{value} trials cannot be made; a search of several objectives makes 8 to 100000.");
    } = 240;

    /// <summary>Policies of a generation, 4 to 1000.</summary>
    public int Population
    {
        get; init => field = value is >= 4 and <= 1000 ? value
        : throw new ArgumentException($"a generation of {value} cannot be searched with; it has 4 to 1000.");
    } = 24;

    /// <summary>Most members of the front that is stated, 2 to 100; where there are more, those that stand closest to others are left out.</summary>
    public int Members
    {
        get; init => field = value is >= 2 and <= 100 ? value
        : throw new ArgumentException($"a front of {value} cannot be stated; it has 2 to 100 members.");
    } = 10;

    /// <summary>Seed of the search's random numbers.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// Searches the policies that no other beats in both quality (mean PSNR against the uncached pictures) and cost (FLOPs), by NSGA-II. With
/// the same seed the same policies are tried in the same order, so that a search that was stopped goes on from what it had measured.
/// </summary>
/// <param name="choices">What is searched.</param>
/// <param name="options">Options of the search.</param>
/// <param name="measure">Measures a policy on the pictures of the search.</param>
public sealed class FrontSearch(PolicyChoices choices, FrontOptions options, Func<string, CancellationToken, Task<Trial>> measure)
{
    private readonly PolicyChoices _choices = choices ?? throw new ArgumentNullException(nameof(choices));
    private readonly FrontOptions _options = options ?? throw new ArgumentNullException(nameof(options));
    private readonly Func<string, CancellationToken, Task<Trial>> _measure = measure ?? throw new ArgumentNullException(nameof(measure));
    private readonly Dictionary<string, Trial> _tried = [];
    private readonly HashSet<string> _met = []; // in this run: what was known before is met again, in the same order

    /// <summary>Every policy that was tried, by what the choices spell.</summary>
    public IReadOnlyDictionary<string, Trial> Tried => _tried;

    /// <summary>What is minimised: the negative PSNR in decibels, and the share of the uncached FLOPs.</summary>
    public static double[] Objectives(Trial trial) => [-trial.NotNull().MeanQuality, 1 / trial.FlopsSpeedup];

    /// <summary>Takes over what was measured before a stop.</summary>
    public void Know(IReadOnlyDictionary<string, Trial> measured)
    {
        foreach (var (policy, trial) in measured.NotNull())
        {
            _tried[policy] = trial;
        }
    }

    /// <summary>Runs the search, which ends when the trials are used up, or with a generation that has nothing new three times in a row.</summary>
    /// <param name="onTried">After every policy that was measured; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call. What was tried stays.</param>
    /// <exception cref="ArgumentException">A policy is unknown or does not fit the model.</exception>
    public async Task RunAsync(Action<Trial>? onTried, CancellationToken cancellationToken)
    {
        var evolution = new Evolution([.. _choices.Genes], _options.Seed);
        var parents = await MeasureAsync(evolution.First(_options.Population), onTried, cancellationToken);
        for (var idle = 0; _met.Count < _options.Trials && idle < 3;)
        {
            var before = _met.Count;
            var children = evolution.Children([.. parents.Select(p => p.Genes)], [.. parents.Select(p => Objectives(p.Trial))]);
            parents = [.. parents, .. await MeasureAsync(children, onTried, cancellationToken)];
            var best = NonDominated.Best([.. parents.Select(p => Objectives(p.Trial))], _options.Population);
            parents = [.. best.Select(i => parents[i])];
            idle = _met.Count == before ? idle + 1 : 0;
        }
    }

    /// <summary>The front of all that was tried, from the most faithful to the cheapest; no two cost and give the same.</summary>
    public IReadOnlyList<Trial> Front()
    {
        Trial[] distinct = [.. _tried.Values.DistinctBy(t => (t.FlopsSpeedup, t.MeanQuality))];
        var ranks = NonDominated.Ranks([.. distinct.Select(Objectives)]);
        Trial[] front = [.. distinct.Where((_, i) => ranks[i] == 0)];
        while (front.Length > _options.Members)
        {
            var crowding = NonDominated.Crowding([.. front.Select(Objectives)]);
            var closest = Array.IndexOf(crowding, crowding.Min());
            front = [.. front.Where((_, i) => i != closest)];
        }

        return [.. front.OrderByDescending(t => t.MeanQuality)];
    }

    // Those that are new are measured until the trials are used up; the others are left out then.
    private async Task<List<(int[] Genes, Trial Trial)>> MeasureAsync(
        int[][] generation, Action<Trial>? onTried, CancellationToken cancellationToken)
    {
        var measured = new List<(int[], Trial)>();
        foreach (var genes in generation)
        {
            var policy = _choices.At(genes);
            if (!_met.Contains(policy) && _met.Count >= _options.Trials)
            {
                continue;
            }

            _met.Add(policy);
            if (!_tried.TryGetValue(policy, out var trial))
            {
                _tried[policy] = trial = await _measure(policy, cancellationToken);
                onTried?.Invoke(trial);
            }

            measured.Add((genes, trial));
        }

        return measured;
    }
}
