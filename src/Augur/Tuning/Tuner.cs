using Augur.Metrics;

namespace Augur.Tuning;

/// <summary>Options of a search.</summary>
public sealed record TuningOptions
{
    /// <summary>
    /// Largest number of policies to try on the calibration pictures, 8 to 10,000. The uncached pictures, the final measurement of the best few on
    /// all pictures, and the held-out pictures are not counted. Default 120.
    /// </summary>
    public int Trials
    {
        get; init => field = value is >= 8 and <= 10_000 ? value
        : throw new ArgumentException($"{value} trials cannot be made; a search makes 8 to 10000.");
    } = 120;

    /// <summary>Seed of the search's random numbers.</summary>
    public int Seed { get; init; }
}

/// <summary>The result of a search.</summary>
/// <param name="Policy">The policy in the catalog's notation; null if the target cannot be met.</param>
/// <param name="Calibrated">The policy's trial on the calibration pictures; if the search failed, the trial closest to the target.</param>
/// <param name="HeldOut">The trial on held-out pictures; null if the search failed or was stopped before.</param>
/// <param name="Interval">Confidence interval of the mean quality from the held-out samples, of 95 % or more (see docs/tune.md).</param>
/// <param name="Tried">Number of policies tried.</param>
/// <param name="Attempt">Index of the held-out set that was used, from 0.</param>
public sealed record TuningResult(string? Policy, Trial Calibrated, Trial? HeldOut, BootstrapInterval? Interval, int Tried, int Attempt)
{
    /// <summary>
    /// Whether the search was cancelled: the policy is then the best so far, and meets the target on the calibration pictures only.
    /// </summary>
    public bool IsStopped { get; init; }
}

/// <summary>
/// Searches caching settings for a model that draws or writes: the forecaster, the schedule of computed calls, which tokens to compute in
/// other calls, and verified drafts. The result is tested on held-out pictures.
/// </summary>
/// <param name="calibration">The calibration pictures: a third of them to compare neighbours, all of them to choose the result.</param>
/// <param name="heldOut">Returns the held-out pictures of an attempt, counted from 0; the sets are disjoint.</param>
/// <param name="options">Options of the search.</param>
/// <param name="report">Receives progress, of one step after the other, on whatever thread it was taken; null: nobody.</param>
public sealed class Tuner(ICalibration calibration, Func<int, ICalibration> heldOut, TuningOptions options, Action<SearchProgress>? report = null)
{
    private readonly ICalibration _calibration = calibration ?? throw new ArgumentNullException(nameof(calibration));
    private readonly Func<int, ICalibration> _heldOut = heldOut ?? throw new ArgumentNullException(nameof(heldOut));
    private readonly TuningOptions _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Searches the open number of a policy.</summary>
    /// <param name="target">The target.</param>
    /// <param name="range">The policy with its range.</param>
    /// <param name="cancellationToken">Cancels: the best policy so far is returned, if there is one.</param>
    /// <exception cref="ArgumentException">The policy is unknown or does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before anything was found.</exception>
    public Task<TuningResult> FindAsync(TuningTarget target, PolicyRange range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(range);
        var (trials, stated) = Prepare(target);
        return KeepingBestAsync(target, trials, () => new RangeSearch(trials, stated, _options.Trials).FindAsync(range, target, cancellationToken),
            cancellationToken);
    }

    /// <summary>Searches all settings.</summary>
    /// <param name="target">The target.</param>
    /// <param name="cancellationToken">Cancels: the best policy so far is returned, if there is one.</param>
    /// <exception cref="OperationCanceledException">Cancelled before anything was found.</exception>
    public Task<TuningResult> FindAsync(TuningTarget target, CancellationToken cancellationToken)
    {
        var (trials, stated) = Prepare(target);
        return KeepingBestAsync(target, trials, () => new SettingsSearch(trials, stated, target, _options).FindAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>Searches ways to write: the cache, its intervals, and how sure a token has to be.</summary>
    /// <param name="target">The target.</param>
    /// <param name="space">What is searched.</param>
    /// <param name="cancellationToken">Cancels: the best way so far is returned, if there is one.</param>
    /// <exception cref="OperationCanceledException">Cancelled before anything was found.</exception>
    public Task<TuningResult> FindAsync(TuningTarget target, TextSpace space, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(space);
        var (trials, stated) = Prepare(target);
        return KeepingBestAsync(target, trials, () => new TextSearch(trials, stated, target, _options, space).FindAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>Tests a given policy against the target on held-out pictures, without a search.</summary>
    /// <param name="target">The target.</param>
    /// <param name="policy">The policy in the notation of the command line.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="ArgumentException">The policy is unknown or does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before anything was measured.</exception>
    public Task<TuningResult> StateAsync(TuningTarget target, string policy, CancellationToken cancellationToken)
    {
        var (trials, stated) = Prepare(target);
        return KeepingBestAsync(target, trials, StateAsync, cancellationToken);

        async Task<TuningResult> StateAsync()
        {
            await trials.CallCountAsync(cancellationToken);
            var all = await trials.AllAsync(await trials.PolicyAsync(policy, null, cancellationToken), cancellationToken);
            return await stated.StateAsync(all, trials.Tried, cancellationToken);
        }
    }

    private (Trials Trials, HeldOut HeldOut) Prepare(TuningTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        const double UsualCost = 0.3; // cost of a cached picture relative to an uncached one, until measured
        var work = new SearchWork(_calibration.Count, Trials.FewOf(_calibration), _heldOut(0).Count, _options.Trials, target.Speedup is { } speedup
            ? 1 / speedup : UsualCost, report);
        return (new(_calibration, _options.Trials, work), new(_heldOut, target, work, _options.Seed));
    }

    private static async Task<TuningResult> KeepingBestAsync(
        TuningTarget target, Trials trials, Func<Task<TuningResult>> search, CancellationToken cancellationToken)
    {
        try
        {
            return await search();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && trials.BestSoFar(target) is { } best)
        {
            return new(best.Policy, best, null, null, trials.Tried, 0) { IsStopped = true };
        }
    }
}
