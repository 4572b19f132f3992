using Augur.Sampling;
using Microsoft.Extensions.AI;

namespace Augur.Extensions.AI;

/// <summary>Refuses what would change an answer and is not built, by its name.</summary>
internal static class OptionsCheck
{
    /// <summary>Looks at the options of a request.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="own">The model's sampler.</param>
    /// <param name="sampler">The sampler that the request names; null: none.</param>
    /// <exception cref="NotSupportedException">An option is given that is not built; the message names it.</exception>
    /// <exception cref="ArgumentException">An option is given beside a sampler that has a setting of that name.</exception>
    public static void Require(ChatOptions options, ISampler own, string? sampler)
    {
        (string Name, bool IsGiven)[] drawing =
        [
            (nameof(options.Temperature), options.Temperature is not null), (nameof(options.TopP), options.TopP is not null),
            (nameof(options.TopK), options.TopK is not null),
        ];
        if (sampler is not null && drawing.FirstOrDefault(option => option.IsGiven).Name is { } twice)
        {
            throw new ArgumentException($"{twice} is a setting of the sampler \"{sampler}\", which was named; put it there.", nameof(options));
        }

        (string Name, bool IsGiven)[] missing =
        [
            .. own is DreamSampler ? [] : drawing[1..],
            (nameof(options.FrequencyPenalty), options.FrequencyPenalty is not (null or 0)),
            (nameof(options.PresencePenalty), options.PresencePenalty is not (null or 0)),
            (nameof(options.Tools), options.Tools is { Count: > 0 }),
            (nameof(options.ResponseFormat), options.ResponseFormat is ChatResponseFormatJson),
        ];
        if (missing.FirstOrDefault(option => option.IsGiven).Name is { } wrong)
        {
            throw new NotSupportedException($"{wrong} is not built for the sampler {own.Name}; leave it out.");
        }
    }
}
