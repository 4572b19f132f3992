using System.Globalization;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;

namespace Augur.Tuning;

/// <summary>A way to write a text, to be held against others.</summary>
/// <param name="Name">As it was written.</param>
/// <param name="Apply">Makes a request go that way.</param>
public sealed record TextContender(string Name, Func<GenerationRequest, GenerationRequest> Apply)
{
    private const string StepsWord = "steps(";

    /// <summary>
    /// Reads a way: a caching method, a sampler of tokens, <c>steps(N)</c> for fewer calls, or several of them with plus signs between, such as
    /// <c>llada(block=32,threshold=0.9) + block-cache</c>.
    /// </summary>
    /// <exception cref="ArgumentException">A part is none of these, or has a setting that is not accepted.</exception>
    public static TextContender Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Func<GenerationRequest, GenerationRequest>[] parts =
            [.. text.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Part)];
        return parts.Length == 0 ? throw new ArgumentException($"\"{text}\" names no way to write.", nameof(text))
            : new(text.Trim(), request => parts.Aggregate(request, (r, part) => part(r)));
    }

    /// <summary>Reads several, separated by semicolons.</summary>
    /// <inheritdoc cref="Parse"/>
    public static IReadOnlyList<TextContender> ParseList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    private static Func<GenerationRequest, GenerationRequest> Part(string text)
    {
        if (text.StartsWith(StepsWord, StringComparison.Ordinal) && text.EndsWith(')'))
        {
            var isNumber = int.TryParse(text[StepsWord.Length..^1], CultureInfo.InvariantCulture, out var steps);
            return isNumber && steps is >= 1 and <= 1000
                ? request => request with { Steps = steps }
                : throw new ArgumentException($"\"{text}\": steps are a number from 1 to 1000.");
        }

        if (TokenSamplers.All.Any(entry => entry.Name == text.Split('(')[0].Trim()))
        {
            var sampler = TokenSamplers.Parse(text);
            return request => request with { Sampler = sampler };
        }

        var policy = PolicyCatalog.Parse(text);
        return request => request with { Cache = policy };
    }
}
