using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>Measures ways to write on a set of requests, by the tokens that they share with the uncached run's, which is written once.</summary>
/// <param name="model">Writes.</param>
/// <param name="count">Number of texts.</param>
/// <param name="requests">Makes so many requests when they are first needed, with equal settings; their caching method is replaced.</param>
public sealed class TextCalibration(
    DiffusionModel model, int count, Func<CancellationToken, Task<IReadOnlyList<GenerationRequest>>> requests) : ICalibration
{
    private readonly TextTrial _trial = new(model);
    private (GenerationRequest Request, TextMeasure Text)[]? _references;

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public async Task<int> CallCountAsync(Action<double>? onUncached, CancellationToken cancellationToken) =>
        (await ReferencesAsync(onUncached, cancellationToken))[0].Text.Calls.Length;

    /// <inheritdoc/>
    public async Task<Trial> MeasureAsync(string policy, int skip, int take, Action<double>? onUncached, CancellationToken cancellationToken)
    {
        var references = (await ReferencesAsync(onUncached, cancellationToken)).Skip(skip).Take(take).ToList();
        var way = TextContender.Parse(policy);
        var texts = new List<TextMeasure>();
        foreach (var (request, _) in references)
        {
            texts.Add(await _trial.WriteAsync(request, way, cancellationToken));
        }

        return new Trial(
            way.Name,
            references.Sum(r => r.Text.Flops) / (double)texts.Sum(t => t.Flops),
            [.. texts.Zip(references, (text, reference) => 100 * text.AgreementWith(reference.Text))]);
    }

    private async Task<(GenerationRequest Request, TextMeasure Text)[]> ReferencesAsync(
        Action<double>? onUncached, CancellationToken cancellationToken)
    {
        if (_references is null)
        {
            var written = new List<(GenerationRequest, TextMeasure)>();
            foreach (var request in await requests(cancellationToken))
            {
                written.Add((request, await _trial.WriteAsync(request, TextContender.Reference, cancellationToken)));
                onUncached?.Invoke(1);
            }

            _references = [.. written];
        }

        return _references;
    }
}
