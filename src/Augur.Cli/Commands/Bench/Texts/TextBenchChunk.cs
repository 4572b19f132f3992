using Augur.Tuning;

namespace Augur.Cli.Commands.Bench.Texts;

/// <summary>A line of the results: a text that one contender wrote, and the time it took.</summary>
internal sealed record TextBenchChunk
{
    /// <summary>As <see cref="TextContender.Name"/>.</summary>
    public required string Policy { get; init; }

    /// <summary>Position among the texts of the run.</summary>
    public required int Index { get; init; }

    /// <summary>Its beginning.</summary>
    public required string Prompt { get; init; }

    /// <summary>Wall time.</summary>
    public required double Seconds { get; init; }

    /// <summary>Time of all processors on this program: it does not count what others took.</summary>
    public required double ProcessorSeconds { get; init; }

    /// <summary>The machine's load average behind it; null where the system does not say.</summary>
    public required double? Load { get; init; }

    /// <summary>Which of the program's runs measured it.</summary>
    public required int Session { get; init; }

    /// <summary>Null where the uncached run wrote it again for its time alone.</summary>
    public required TextMeasure? Text { get; init; }
}
