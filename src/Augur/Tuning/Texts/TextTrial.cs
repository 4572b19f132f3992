using Augur.Decoding;
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
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly GenerationPipeline _pipeline = new(model ?? throw new ArgumentNullException(nameof(model)), time ?? TimeProvider.System);
    private readonly MaskedBound _bound = new(model.Denoiser);

    /// <summary>Writes all texts each way, one text after the other.</summary>
    /// <param name="requests">At least one.</param>
    /// <param name="contenders">The first is what the others' tokens are held against.</param>
    /// <param name="onText">Called after each text.</param>
    /// <param name="onRow">Called with each row when it is whole.</param>
    /// <param name="cancellationToken">Looked at once per network call.</param>
    /// <exception cref="ArgumentException">The model cannot serve a request.</exception>
    public async Task<IReadOnlyList<TextRow>> RunAsync(
        IReadOnlyList<GenerationRequest> requests, IReadOnlyList<TextContender> contenders, Action? onText = null, Action<TextRow>? onRow = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(contenders);
        await WriteAsync(requests[0], contenders[0], cancellationToken).ConfigureAwait(false); // code and memory are warm then
        List<TextMeasure>? first = null;
        var rows = new List<TextRow>();
        foreach (var contender in contenders)
        {
            var (texts, began) = (new List<TextMeasure>(), _time.GetTimestamp());
            foreach (var request in requests)
            {
                texts.Add(await WriteAsync(request, contender, cancellationToken).ConfigureAwait(false));
                onText?.Invoke();
            }

            var seconds = _time.GetElapsedTime(began).TotalSeconds;
            first ??= texts;
            rows.Add(new TextRow(
                contender.Name,
                texts.Average(t => t.Calls.Length),
                texts.Sum(t => t.Flops),
                seconds,
                texts.Sum(t => t.Tokens.Count) / Math.Max(1e-9, seconds),
                texts.Zip(first).Average(pair => pair.First.AgreementWith(pair.Second)),
                Math.Exp(requests.Zip(texts).Average(pair => Judged(pair.First, pair.Second).Surprise)),
                texts.Max(t => t.PeakCacheBytes)));
            onRow?.Invoke(rows[^1]);
        }

        return rows;
    }

    /// <summary>Writes one text.</summary>
    /// <exception cref="ArgumentException">The model cannot serve the request.</exception>
    public async Task<TextMeasure> WriteAsync(GenerationRequest request, TextContender contender, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(contender);
        var result = await _pipeline.GenerateAsync(contender.Apply(request), cancellationToken: cancellationToken).ConfigureAwait(false);
        return new TextMeasure(
            Array.ConvertAll(result.Latent, token => (int)token),
            ((WrittenText)result.Output).Text,
            string.Concat(result.Report.Marks.Select(mark => mark.Letter)),
            result.Report.Cost.TotalFlops,
            result.Report.PeakCacheBytes,
            double.NaN,
            result.Report.Note);
    }

    /// <summary>A text with how likely the model finds it behind its prompt.</summary>
    public TextMeasure Judged(GenerationRequest request, TextMeasure text) =>
        text.NotNull() with { Surprise = _bound.Of(request, [.. text.Tokens.Select(token => (float)token)]) };
}
