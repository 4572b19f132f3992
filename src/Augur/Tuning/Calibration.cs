using Augur.Caching;
using Augur.Catalogs;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>What a policy did to some pictures.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="FlopsSpeedup">FLOPs of the uncached runs over those executed.</param>
/// <param name="Psnr">Of each picture against its uncached twin, in decibels, at most <see cref="PictureDifference.PsnrCap"/>.</param>
public sealed record Trial(string Policy, double FlopsSpeedup, IReadOnlyList<double> Psnr)
{
    /// <summary>Mean over the pictures.</summary>
    public double MeanPsnr { get; } = Psnr.Average();

    /// <summary>Pictures below so many decibels.</summary>
    public int CountBelow(double psnr) => Psnr.Count(p => p < psnr);

    /// <summary>This trial and that of the same policy on further pictures.</summary>
    public Trial And(Trial further)
    {
        var executed = (Psnr.Count / FlopsSpeedup) + (further.Psnr.Count / further.FlopsSpeedup);
        return new(Policy, (Psnr.Count + further.Psnr.Count) / executed, [.. Psnr, .. further.Psnr]);
    }
}

/// <summary>Pictures that policies are tried on, each beside its uncached twin, which is drawn once.</summary>
/// <param name="model">The model that generates the pictures.</param>
/// <param name="options">Bounds of the engine.</param>
/// <param name="requests">The pictures, at least one, all with the same settings; their method is set here.</param>
public sealed class Calibration(DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests)
{
    private IReadOnlyList<GenerationResult>? _references;

    /// <summary>Pictures.</summary>
    public int Count => requests.Count;

    /// <summary>Network calls of a picture.</summary>
    /// <param name="onUncached">Told of the pictures that are drawn without a method for it, in parts of a picture.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="InvalidDataException">A picture holds numbers that are not finite.</exception>
    public async Task<int> CallCountAsync(Action<double>? onUncached, CancellationToken cancellationToken) =>
        (await ReferencesAsync(onUncached, cancellationToken))[0].Report.Calls.Count;

    /// <summary>Draws some pictures under a policy.</summary>
    /// <param name="policy">As the catalog names it.</param>
    /// <param name="skip">Pictures left out at the beginning.</param>
    /// <param name="take">Pictures.</param>
    /// <param name="onUncached">Told of the pictures that are drawn without a method, to compare with, in parts of a picture.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="ArgumentException">The policy is not known, or does not fit the model.</exception>
    /// <exception cref="InvalidDataException">An uncached picture holds numbers that are not finite.</exception>
    public async Task<Trial> MeasureAsync(string policy, int skip, int take, Action<double>? onUncached, CancellationToken cancellationToken)
    {
        var references = await ReferencesAsync(onUncached, cancellationToken);
        var parsed = PolicyCatalog.Parse(policy);
        var asked = requests.Skip(skip).Take(take).Select(r => r with { Cache = parsed, Quality = null });
        var drawn = await DrawAsync(asked, null, keepsBroken: true, cancellationToken); // what is broken has 0 dB, and loses
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
