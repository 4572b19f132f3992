using Augur.Metrics;

namespace Augur.Tuning;

/// <summary>How much a search may try.</summary>
public sealed record TuningOptions
{
    /// <summary>
    /// Most policies that are tried on the calibration pictures, 8 to 10,000. What comes on top draws no further policy: the uncached pictures, the
    /// judgement of the best few on all pictures, and the held-out pictures. Default 120.
    /// </summary>
    public int Trials { get; init => field = value is >= 8 and <= 10_000 ? value
        : throw new ArgumentException($"{value} trials cannot be made; a search makes 8 to 10000."); } = 120;

    /// <summary>Of the search's draws.</summary>
    public int Seed { get; init; }
}

/// <summary>What a search found.</summary>
/// <param name="Policy">The settings, as the catalog names them; null: the target cannot be met.</param>
/// <param name="Calibrated">The policy on the pictures that it was chosen on; of a search that failed, the nearest it came.</param>
/// <param name="HeldOut">The same on pictures that the search never saw; null where it failed or was stopped before.</param>
/// <param name="Psnr">Interval of the mean PSNR on pictures like the held-out ones, of 95 % or more (see docs/tune.md).</param>
/// <param name="Tried">Policies that were tried.</param>
/// <param name="Attempt">Which of the held-out sets it was stated on, from 0.</param>
public sealed record TuningResult(string? Policy, Trial Calibrated, Trial? HeldOut, BootstrapInterval? Psnr, int Tried, int Attempt)
{
    /// <summary>Whether the search was stopped: then the policy is the best so far, and meets its target on the pictures of <see cref="Calibrated"/>
    /// alone.</summary>
    public bool IsStopped { get; init; }
}

/// <summary>
/// Searches settings for a model: how to forecast the calls between computed ones, which to compute (a schedule is moved call by call), then tokens
/// computed between them and verified drafts. What wins is held against pictures that the search never saw.
/// </summary>
/// <param name="calibration">Pictures to choose on: a third of them to compare neighbours, all of them to judge what the search settles on.</param>
/// <param name="heldOut">Other pictures, to state what was chosen: a set of its own for each attempt, counted from 0.</param>
/// <param name="options">How much to try.</param>
/// <param name="report">Is told of pictures drawn, settings tried and every new best, from the thread that computes.</param>
public sealed class Tuner(Calibration calibration, Func<int, Calibration> heldOut, TuningOptions options, Action<SearchProgress>? report = null)
{
    /// <summary>Searches the one number that a policy leaves open.</summary>
    /// <param name="target">What to aim at.</param>
    /// <param name="range">The policy.</param>
    /// <param name="cancellationToken">Stops: the best so far is returned, if there is one.</param>
    /// <exception cref="ArgumentException">The policy is not known, or does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Stopped before anything was found.</exception>
    public Task<TuningResult> FindAsync(TuningTarget target, PolicyRange range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(range);
        var (trials, stated) = Prepare(target);
        return KeepingBestAsync(target, trials, () => new RangeSearch(trials, stated, options.Trials).FindAsync(range, target, cancellationToken),
            cancellationToken);
    }

    /// <summary>Searches all settings.</summary>
    /// <param name="target">What to aim at.</param>
    /// <param name="cancellationToken">Stops: the best so far is returned, if there is one.</param>
    /// <exception cref="OperationCanceledException">Stopped before anything was found.</exception>
    public Task<TuningResult> FindAsync(TuningTarget target, CancellationToken cancellationToken)
    {
        var (trials, stated) = Prepare(target);
        return KeepingBestAsync(target, trials, () => new SettingsSearch(trials, stated, target, options).FindAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>Searches nothing: holds a policy against the target, on held-out pictures.</summary>
    /// <param name="target">What it shall meet.</param>
    /// <param name="policy">As the command line writes it.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="ArgumentException">The policy is not known, or does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Stopped before it had drawn anything.</exception>
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
        const double UsualCost = 0.3; // of a picture under a method
        var work = new SearchWork(calibration.Count, Trials.FewOf(calibration), heldOut(0).Count, options.Trials, target.Speedup is { } speedup
            ? 1 / speedup : UsualCost, report);
        return (new(calibration, options.Trials, work), new(heldOut, target, work, options.Seed));
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
