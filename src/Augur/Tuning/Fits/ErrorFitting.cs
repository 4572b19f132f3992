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

    private readonly DiffusionModel _model;
    private readonly EngineOptions _options;
    private readonly IReadOnlyList<GenerationRequest> _requests;
    private readonly double[] _tolerances;

    /// <summary>Prepares the measurement.</summary>
    /// <param name="model">The model that generates the pictures.</param>
    /// <param name="options">Bounds of the engine.</param>
    /// <param name="requests">At least <see cref="LeastPictures"/>. Their caching methods are ignored; all else may differ.</param>
    /// <param name="tolerances">Ascending; null: from 0.0005 to 0.064, each twice the one before.</param>
    /// <exception cref="ArgumentException">There are too few requests.</exception>
    public ErrorFitting(
        DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests, IReadOnlyList<double>? tolerances = null)
    {
        (_model, _options, _requests) = (model.NotNull(), options.NotNull(), requests.NotNull());
        _tolerances = [.. tolerances ?? [.. Enumerable.Range(0, 8).Select(i => 0.0005 * (1 << i))]];
        if (requests.Count < LeastPictures)
        {
            throw new ArgumentException(
                $"An error that 95 of 100 pictures stay within is measured on at least {LeastPictures} pictures, not on {requests.Count}.");
        }
    }

    /// <summary>Steps of samplers that the measurement makes.</summary>
    public long TotalSteps => _requests.Sum(r => (long)r.Steps) * (1 + _tolerances.Length);

    /// <summary>Draws the pictures.</summary>
    /// <param name="onStep">Called after each step of a picture, from any thread.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="NotFiniteException">A latent is not finite.</exception>
    public async Task<ErrorFit> RunAsync(Action onStep, CancellationToken cancellationToken)
    {
        var references = await DrawAsync(NoCachePolicy.Instance, onStep, cancellationToken);
        var runs = new List<(double, IReadOnlyList<double>, double)>();
        foreach (var tolerance in _tolerances)
        {
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
