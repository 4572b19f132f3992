using Augur.Conditioning;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Sampling;

namespace Augur.Tuning;

/// <summary>
/// Beginnings of texts that a model writes for itself, each another, at temperature 1 behind nothing: for measurements where no prompts are given.
/// </summary>
public static class TextBeginnings
{
    /// <summary>Writes beginnings; the same seeds give the same.</summary>
    /// <param name="model">Writes.</param>
    /// <param name="count">How many.</param>
    /// <param name="tokens">Length of each.</param>
    /// <param name="seed">Of the first; each further one has the next.</param>
    /// <param name="cancellationToken">Looked at once per network call.</param>
    /// <exception cref="ArgumentException">The model writes no texts, or not so many tokens.</exception>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        DiffusionModel model, int count, int tokens, long seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ISampler sampler = model.Defaults.Sampler is DreamSampler dream ? new DreamSampler(dream.Options with { Temperature = 1 })
            : new LladaSampler(new() { Temperature = 1, Threshold = 0.9 });
        var requests = Enumerable.Range(0, count).Select(i => model.Request(new TokenPrompt([]), unchecked(seed + i)) with
        {
            LatentShape = [tokens],
            Steps = Math.Min(tokens, 1000),
            Sampler = sampler,
        });
        var written = await new GenerationPipeline(model).GenerateAsync([.. requests], cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. written.Select(result => ((WrittenText)result.Output).Text)];
    }
}
