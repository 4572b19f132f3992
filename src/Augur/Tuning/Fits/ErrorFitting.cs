using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>
/// Measures what tolerances of the policy augur come to: draws pictures without a method and under each tolerance, and takes the relative error of
/// the finished latents that 95 of 100 stay within.
/// </summary>
public sealed class ErrorFitting
{
    /// <summary>The least number of pictures; of fewer no bound says anything about 95 of 100.</summary>
    public const int LeastPictures = 20;

    // Tolerances are Least, each twice the one before; a number of them at least, then on to an error that is of no use, or until they end.
    private const double Least = 0.0005;
    private const int Fewest = 8, Most = 12;
    private const double Useless = 0.3;

    private readonly DiffusionModel _model;
    private readonly EngineOptions _options;
    private readonly IReadOnlyList<GenerationRequest> _requests;

    /// <summary>Prepares the measurement.</summary>
    /// <param name="model">The model that generates the pictures.</param>
    /// <param name="options">Bounds of the engine.</param>
    /// <param name="requests">At least <see cref="LeastPictures"/>. Their caching methods are ignored; all else may differ.</param>
    /// <exception cref="ArgumentException">There are too few requests.</exception>
    public ErrorFitting(DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests)
    {
        (_model, _options, _requests) = (model.NotNull(), options.NotNull(), requests.NotNull());
        if (requests.Count < LeastPictures)
        {
            throw new ArgumentException(
                $"An error that 95 of 100 pictures stay within is measured on at least {LeastPictures} pictures, not on {requests.Count}.");
        }
    }

    /// <summary>Steps of samplers that the measurement makes, as far as it is known beforehand.</summary>
    public long TotalSteps => StepsOfAll * (1 + Fewest);

    private long StepsOfAll => _requests.Sum(r => (long)r.Steps);

    /// <summary>Draws the pictures.</summary>
    /// <param name="onStep">Called after each step of a picture, from any thread.</param>
    /// <param name="onMore">Called with the number of steps that are to be made beyond those known beforehand.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="NotFiniteException">A latent is not finite.</exception>
    public async Task<ErrorFit> RunAsync(Action onStep, Action<long> onMore, CancellationToken cancellationToken)
    {
        var references = await DrawAsync(NoCachePolicy.Instance, onStep, cancellationToken);
        var runs = new List<(double, IReadOnlyList<double>, double)>();
        for (var tried = 0; tried < Fewest || (tried < Most && ErrorFit.Bound(runs[^1].Item2) < Useless); tried++)
        {
            var tolerance = Least * (1 << tried);
            if (tried >= Fewest)
            {
                onMore.NotNull()(StepsOfAll);
            }

            // A table that gives the tolerance as it is.
            var policy = new AugurPolicy(new AugurOptions { Error = tolerance, Tolerances = [tolerance], Errors = [tolerance] });
            var drawn = await DrawAsync(policy, onStep, cancellationToken);
            double[] errors = [.. drawn.Zip(references, (a, b) => LatentError.Relative(a.Latent, b.Latent))];
            runs.Add((tolerance, errors, drawn.Average(d => d.Report.Computed)));
        }

        return ErrorFit.Of(runs);
    }

    private Task<IReadOnlyList<GenerationResult>> DrawAsync(ICachePolicy policy, Action onStep, CancellationToken cancellationToken) =>
        Calibration.DrawAsync(
            _model, _options, _requests.Select(r => r with { Cache = policy, Quality = null }), _ => onStep(), keepsBroken: false, cancellationToken);
}
