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

    /// <summary>This trial and that of the same policy on further pictures.</summary>
    public Trial And(Trial further)
    {
        var executed = (Psnr.Count / FlopsSpeedup) + (further.Psnr.Count / further.FlopsSpeedup);
        return new(Policy, (Psnr.Count + further.Psnr.Count) / executed, [.. Psnr, .. further.Psnr]);
    }
}

/// <summary>Pictures that policies are tried on, each beside its uncached twin, which is drawn once.</summary>
/// <param name="model">What draws.</param>
/// <param name="options">Bounds of the engine.</param>
/// <param name="requests">The pictures, at least one; their method is set here.</param>
public sealed class Calibration(DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests)
{
    private IReadOnlyList<GenerationResult>? _references;

    /// <summary>Pictures.</summary>
    public int Count => requests.Count;

    /// <summary>Network calls of a picture.</summary>
    public async Task<int> CallCountAsync(CancellationToken cancellationToken) => (await ReferencesAsync(cancellationToken))[0].Report.Calls.Count;

    /// <summary>Draws the first pictures under a policy.</summary>
    /// <param name="policy">As the catalog names it.</param>
    /// <param name="skip">Pictures left out at the beginning.</param>
    /// <param name="take">Pictures.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">The policy is not known, or does not fit the model.</exception>
    public async Task<Trial> MeasureAsync(string policy, int skip, int take, CancellationToken cancellationToken)
    {
        var references = await ReferencesAsync(cancellationToken);
        var parsed = PolicyCatalog.Parse(policy);
        var drawn = await DrawAsync(requests.Skip(skip).Take(take).Select(r => r with { Cache = parsed }), keepsBroken: true, cancellationToken); // 0 dB, and lost
        var cost = new RunSummary([.. drawn.Select(d => d.Report)]);
        return new Trial(parsed.Name, cost.FlopsSpeedup, [.. drawn.Zip(references.Skip(skip), (d, r) => PictureDifference.Between(d, r).CappedPsnr)]);
    }

    private async Task<IReadOnlyList<GenerationResult>> ReferencesAsync(CancellationToken cancellationToken)
    {
        if (_references is null)
        {
            var drawn = await DrawAsync(requests, keepsBroken: false, cancellationToken);
            _references = drawn.All(r => BrokenImage.Find(r) != Breakage.Constant) ? drawn
                : throw new InvalidDataException($"{drawn.Count(r => BrokenImage.Find(r) == Breakage.Constant)} of {drawn.Count} pictures of the uncached run are of one colour; nothing can be learned from them.");
        }

        return _references;
    }

    private async Task<IReadOnlyList<GenerationResult>> DrawAsync(IEnumerable<GenerationRequest> asked, bool keepsBroken, CancellationToken cancellationToken)
    {
        await using var engine = new GenerationEngine(model, options);
        var tickets = engine.Submit([.. asked], cancellationToken);
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
