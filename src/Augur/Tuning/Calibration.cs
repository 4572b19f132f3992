using Augur.Caching;
using Augur.Catalogs;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>Speed and quality of a policy, measured on some pictures.</summary>
/// <param name="Policy">The policy in the catalog's notation.</param>
/// <param name="FlopsSpeedup">FLOPs of the uncached runs over those executed.</param>
/// <param name="Psnr">
/// PSNR of each picture against the uncached picture of the same request, in decibels, at most <see cref="PictureDifference.PsnrCap"/>.
/// </param>
public sealed record Trial(string Policy, double FlopsSpeedup, IReadOnlyList<double> Psnr)
{
    /// <summary>Mean PSNR over the pictures, in decibels.</summary>
    public double MeanPsnr { get; } = Psnr.Average();

    /// <summary>Number of pictures below a PSNR in decibels.</summary>
    public int CountBelow(double psnr) => Psnr.Count(p => p < psnr);

    /// <summary>Combines this trial with one of the same policy on further pictures.</summary>
    public Trial And(Trial further)
    {
        var executed = (Psnr.Count / FlopsSpeedup) + (further.NotNull().Psnr.Count / further.FlopsSpeedup);
        return new(Policy, (Psnr.Count + further.Psnr.Count) / executed, [.. Psnr, .. further.Psnr]);
    }
}

/// <summary>Measures policies on a set of requests, by comparison with the uncached pictures, which are generated once.</summary>
/// <param name="model">The model that generates the pictures.</param>
/// <param name="options">Limits of the engine: batch size, memory.</param>
/// <param name="requests">The requests, at least one, with equal settings; their caching method is replaced.</param>
public sealed class Calibration(DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests)
{
    private IReadOnlyList<GenerationResult>? _references;

    /// <summary>Number of pictures.</summary>
    public int Count => requests.Count;

    /// <summary>Number of network calls of a picture.</summary>
    /// <param name="onUncached">Called with the share of an uncached picture that was generated since the last call; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="InvalidDataException">A latent is not finite.</exception>
    public async Task<int> CallCountAsync(Action<double>? onUncached, CancellationToken cancellationToken) =>
        (await ReferencesAsync(onUncached, cancellationToken))[0].Report.Calls.Count;

    /// <summary>Generates some of the pictures under a policy and compares them.</summary>
    /// <param name="policy">In the catalog's notation, such as <c>speca(order=4)</c>.</param>
    /// <param name="skip">Number of pictures to skip at the beginning.</param>
    /// <param name="take">Number of pictures to generate.</param>
    /// <param name="onUncached">Called with the share of an uncached picture that was generated since the last call; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="ArgumentException">The policy is unknown or does not fit the model.</exception>
    /// <exception cref="InvalidDataException">The latent of an uncached picture is not finite.</exception>
    public async Task<Trial> MeasureAsync(string policy, int skip, int take, Action<double>? onUncached, CancellationToken cancellationToken)
    {
        var references = await ReferencesAsync(onUncached, cancellationToken);
        var parsed = PolicyCatalog.Parse(policy);
        var asked = requests.Skip(skip).Take(take).Select(r => r with { Cache = parsed, Quality = null });
        var drawn = await DrawAsync(asked, null, keepsBroken: true, cancellationToken); // a broken picture counts as 0 dB
        var cost = new RunSummary([.. drawn.Select(d => d.Report)]);
        return new Trial(parsed.Name, cost.FlopsSpeedup, [.. drawn.Zip(references.Skip(skip), (d, r) => PictureDifference.Between(d, r).CappedPsnr)]);
    }

    private async Task<IReadOnlyList<GenerationResult>> ReferencesAsync(Action<double>? onUncached, CancellationToken cancellationToken)
    {
        if (_references is null)
        {
            var uncached = requests.Select(r => r with { Cache = NoCachePolicy.Instance, Quality = null });
            var drawn = await DrawAsync(uncached, onUncached, keepsBroken: false, cancellationToken);
            var blank = drawn.Count(r => BrokenImage.Find(r) == Breakage.Constant);
            _references = blank == 0 ? drawn
                : throw new InvalidDataException(
                    $"{blank} of {drawn.Count} pictures of the uncached run are of one colour; nothing can be learned from them.");
        }

        return _references;
    }

    private async Task<IReadOnlyList<GenerationResult>> DrawAsync(
        IEnumerable<GenerationRequest> asked, Action<double>? onUncached, bool keepsBroken, CancellationToken cancellationToken)
    {
        await using var engine = new GenerationEngine(model, options);
        var tickets = engine.Submit([.. asked], onUncached is null ? null : step => onUncached(1.0 / step.StepCount), cancellationToken);
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
