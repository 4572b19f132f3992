using Augur.Caching;
using Augur.Catalogs;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>Speed and quality of a policy, measured on some samples.</summary>
/// <param name="Policy">The policy in the catalog's notation; of texts a way to write, as <see cref="TextContender"/> reads it.</param>
/// <param name="FlopsSpeedup">FLOPs of the uncached runs over those executed.</param>
/// <param name="Quality">
/// Of each sample against the uncached one of the same request, 0 to 100: of a picture the PSNR in decibels, at most
/// <see cref="PictureDifference.PsnrCap"/>; of a text the percentage of tokens that are the same, place by place.
/// </param>
public sealed record Trial(string Policy, double FlopsSpeedup, IReadOnlyList<double> Quality)
{
    /// <summary>Mean quality over the samples.</summary>
    public double MeanQuality { get; } = Quality.Average();

    /// <summary>Number of samples below a quality.</summary>
    public int CountBelow(double quality) => Quality.Count(q => q < quality);

    /// <summary>Combines this trial with one of the same policy on further samples.</summary>
    public Trial And(Trial further)
    {
        var executed = (Quality.Count / FlopsSpeedup) + (further.NotNull().Quality.Count / further.FlopsSpeedup);
        return new(Policy, (Quality.Count + further.Quality.Count) / executed, [.. Quality, .. further.Quality]);
    }
}

/// <summary>Measures policies on a set of requests, by comparison with the uncached pictures, which are generated once.</summary>
/// <param name="model">The model that generates the pictures.</param>
/// <param name="options">Limits of the engine: batch size, memory.</param>
/// <param name="requests">The requests, at least one, with equal settings; their caching method is replaced.</param>
public sealed class Calibration(DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests) : ICalibration
{
    private IReadOnlyList<GenerationResult>? _references;

    /// <inheritdoc/>
    public int Count => requests.Count;

    /// <inheritdoc/>
    public async Task<int> CallCountAsync(Action<double>? onUncached, CancellationToken cancellationToken) =>
        (await ReferencesAsync(onUncached, cancellationToken))[0].Report.Calls.Count;

    /// <inheritdoc/>
    public async Task<Trial> MeasureAsync(string policy, int skip, int take, Action<double>? onUncached, CancellationToken cancellationToken)
    {
        var references = await ReferencesAsync(onUncached, cancellationToken);
        var parsed = PolicyCatalog.Parse(policy);
        var asked = requests.Skip(skip).Take(take).Select(r => r with { Cache = parsed, Quality = null });
        var drawn = await DrawAsync(model, options, asked, null, keepsBroken: true, cancellationToken); // a broken picture counts as 0 dB
        var cost = new RunSummary([.. drawn.Select(d => d.Report)]);
        return new Trial(parsed.Name, cost.FlopsSpeedup, [.. drawn.Zip(references.Skip(skip), (d, r) => PictureDifference.Between(d, r).CappedPsnr)]);
    }

    private async Task<IReadOnlyList<GenerationResult>> ReferencesAsync(Action<double>? onUncached, CancellationToken cancellationToken)
    {
        if (_references is null)
        {
            var uncached = requests.Select(r => r with { Cache = NoCachePolicy.Instance, Quality = null });
            var drawn = await DrawAsync(model, options, uncached, onUncached, keepsBroken: false, cancellationToken);
            var blank = drawn.Count(r => BrokenImage.Find(r) == Breakage.Constant);
            _references = blank == 0 ? drawn
                : throw new InvalidDataException(
                    $"{blank} of {drawn.Count} pictures of the uncached run are of one colour; nothing can be learned from them.");
        }

        return _references;
    }

    /// <summary>Draws requests, all in one engine.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Bounds of the engine.</param>
    /// <param name="asked">The requests.</param>
    /// <param name="onShare">Called with the share of a picture that was drawn since the last call, from any thread; null: nobody.</param>
    /// <param name="keepsBroken">Whether a latent that is not finite is a result, instead of an error.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    internal static async Task<IReadOnlyList<GenerationResult>> DrawAsync(
        DiffusionModel model, EngineOptions options, IEnumerable<GenerationRequest> asked, Action<double>? onShare, bool keepsBroken,
        CancellationToken cancellationToken)
    {
        await using var engine = new GenerationEngine(model, options);
        var tickets = engine.Submit([.. asked], onShare is null ? null : step => onShare(1.0 / step.StepCount), cancellationToken);
        return await Task.WhenAll(tickets.Select(async t =>
        {
            try
            {
                return await t.Result;
            }
            catch (NotFiniteException broken) when (keepsBroken)
            {
                return broken.Result;
            }
        }));
    }
}
