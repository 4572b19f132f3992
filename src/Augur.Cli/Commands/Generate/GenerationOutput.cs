using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Audit;

namespace Augur.Cli.Commands.Generate;

/// <summary>How a picture was made: embedded in the PNG, and enough to make it again.</summary>
internal sealed record GenerationParameters
{
    public required string Version { get; init; }

    public required string Model { get; init; }

    /// <summary>LoRAs as FILE:SCALE, in the order in which they were applied; null: none.</summary>
    public IReadOnlyList<string>? Loras { get; init; }

    public required string Sampler { get; init; }

    public required int Steps { get; init; }

    public required double Guidance { get; init; }

    public required string GuidanceChannels { get; init; }

    /// <summary>Part of the run in which guidance acts; null: the whole run.</summary>
    public string? GuidanceInterval { get; init; }

    public required string Noise { get; init; }

    public required string Policy { get; init; }

    /// <summary>Most bytes of kept features per picture; null: no limit.</summary>
    public required long? CacheBudget { get; init; }

    /// <summary>Width and height of a picture as it is shown, enlarged, in pixels; null: not said.</summary>
    public IReadOnlyList<int>? Size { get; init; }

    /// <summary>The files that it was made from; null: not said.</summary>
    public PictureOrigin? Origin { get; init; }

    public required IReadOnlyList<PictureParameters> Pictures { get; init; }

    /// <summary>As a PNG carries it.</summary>
    public Dictionary<string, string> AsText() => new() { ["parameters"] = JsonSerializer.Serialize(this, CliJson.Compact.GenerationParameters) };

    /// <summary>For people, behind the model's name.</summary>
    public string WithLoras => Loras is null ? "" : $" with {string.Join(", ", Loras)}";

    public string InWords() => string.Create(
        CultureInfo.InvariantCulture, $"{Pictures.Count} {(Pictures.Count == 1 ? "picture" : "pictures")} of {Model}{WithLoras}, sampler {Sampler}, "
            + $"{Steps} steps, guidance {Guidance} ({GuidanceChannels})"
            + $"{(GuidanceInterval is null ? "" : $" in {GuidanceInterval} of the run")}, noise {Noise}");
}

/// <summary>One picture of the grid.</summary>
/// <param name="Class">Its number; null: it was asked for by a prompt.</param>
/// <param name="Name">Null: it has none.</param>
/// <param name="Seed">As it was given: with a sign, or from 2^63 on without; a type that holds both.</param>
/// <param name="Prompt">Null: it was asked for by a class.</param>
/// <param name="Negative">The negative prompt; null: none was given.</param>
internal sealed record PictureParameters(int? Class, string? Name, decimal Seed, string? Prompt = null, string? Negative = null);

/// <summary>What <c>augur generate --json</c> prints.</summary>
internal sealed record GenerationOutput
{
    /// <summary>The sheet; null: there is none.</summary>
    public required string? Grid { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public required GenerationParameters Parameters { get; init; }

    public required int NetworkCalls { get; init; }

    public required double TotalFlops { get; init; }

    public required double LoadSeconds { get; init; }

    public required double NetworkSeconds { get; init; }

    public required double DecodeSeconds { get; init; }

    public required double TotalSeconds { get; init; }

    public required double ImagesPerSecond { get; init; }

    public required long PeakTensorBytes { get; init; }

    public required string Backend { get; init; }

    public required MethodOutput Method { get; init; }

    public required CachingOutput Caching { get; init; }

    public required AuditOutput? Audit { get; init; }

    public required IReadOnlyList<SampleOutput> Samples { get; init; }
}
