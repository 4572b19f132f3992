using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>What a way to write gave, over all texts.</summary>
/// <param name="Name">Of the way.</param>
/// <param name="Calls">Network calls of a text, in the mean.</param>
/// <param name="Flops">Executed by all texts; a multiply-add is 2.</param>
/// <param name="Seconds">For all texts.</param>
/// <param name="TokensPerSecond">Tokens written in that time.</param>
/// <param name="Agreement">Share of the tokens that are those of the first way, place by place.</param>
/// <param name="Perplexity">e to the bound of <see cref="MaskedBound"/>, under the model itself.</param>
/// <param name="PeakCacheBytes">The most that one text's kept features took.</param>
public sealed record TextRow(
    string Name, double Calls, long Flops, double Seconds, double TokensPerSecond, double Agreement, double Perplexity, long PeakCacheBytes);

/// <summary>Holds ways to write against each other on the same prompts and seeds.</summary>
/// <param name="model">Writes.</param>
/// <param name="time">Clock.</param>
public sealed class TextTrial(DiffusionModel model, TimeProvider? time = null)
{
    private readonly DiffusionModel _model = model ?? throw new ArgumentNullException(nameof(model));
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Writes all texts each way, one text after the other.</summary>
    /// <param name="requests">At least one.</param>
    /// <param name="contenders">The first is what the others' tokens are held against.</param>
    /// <param name="onText">Called after each text.</param>
    /// <param name="cancellationToken">Looked at once per network call.</param>
    /// <exception cref="ArgumentException">The model cannot serve a request.</exception>
    public async Task<IReadOnlyList<TextRow>> RunAsync(
        IReadOnlyList<GenerationRequest> requests, IReadOnlyList<TextContender> contenders, Action? onText = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(contenders);
        var pipeline = new GenerationPipeline(_model, _time);
        var bound = new MaskedBound(_model.Denoiser);
        await pipeline.GenerateAsync(requests[0], cancellationToken: cancellationToken).ConfigureAwait(false); // code and memory are warm then
        IReadOnlyList<GenerationResult>? first = null;
        var rows = new List<TextRow>();
        foreach (var contender in contenders)
        {
            var results = new List<GenerationResult>();
            var began = _time.GetTimestamp();
            foreach (var request in requests)
            {
                results.Add(await pipeline.GenerateAsync(contender.Apply(request), cancellationToken: cancellationToken).ConfigureAwait(false));
                onText?.Invoke();
            }

            var seconds = _time.GetElapsedTime(began).TotalSeconds;
            first ??= results;
            rows.Add(new TextRow(
                contender.Name,
                results.Average(r => r.Report.Calls.Count),
                results.Sum(r => r.Report.Cost.TotalFlops),
                seconds,
                results.Sum(r => r.Latent.Length) / Math.Max(1e-9, seconds),
                results.Zip(first).Average(pair => pair.First.Latent.Zip(pair.Second.Latent).Average(t => t.First == t.Second ? 1.0 : 0)),
                Math.Exp(results.Average(r => bound.Of(r.Request, r.Latent))),
                results.Max(r => r.Report.PeakCacheBytes)));
        }

        return rows;
    }
}
