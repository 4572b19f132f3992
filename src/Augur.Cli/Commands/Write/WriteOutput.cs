using Augur.Cli.Commands.Generate;

namespace Augur.Cli.Commands.Write;

/// <summary>What <c>augur write --json</c> prints.</summary>
internal sealed record WriteOutput
{
    public required string Model { get; init; }

    public required string Sampler { get; init; }

    public required int Steps { get; init; }

    public required int Length { get; init; }

    public required double Guidance { get; init; }

    public required MethodOutput Method { get; init; }

    /// <summary>What the user should know of all texts, a sentence without its period each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required double LoadSeconds { get; init; }

    /// <summary>Of all texts together.</summary>
    public required double WriteSeconds { get; init; }

    public required double TokensPerSecond { get; init; }

    public required string Backend { get; init; }

    public required IReadOnlyList<WrittenOutput> Texts { get; init; }
}

/// <summary>One text.</summary>
/// <param name="Prompt">What was given.</param>
/// <param name="Text">What was written.</param>
/// <param name="Seed">Of what was drawn.</param>
/// <param name="Tokens">Numbers of the tokens written.</param>
/// <param name="Calls">Network calls.</param>
/// <param name="Computed">Those that were computed in full.</param>
/// <param name="Flops">Executed; a multiply-add is 2.</param>
/// <param name="UncachedFlops">Of the same calls without a caching method.</param>
/// <param name="PeakCacheBytes">The most bytes that kept features took.</param>
/// <param name="Note">Something the user should know; null: nothing.</param>
internal sealed record WrittenOutput(
    string Prompt, string Text, long Seed, IReadOnlyList<int> Tokens, int Calls, int Computed, long Flops, long UncachedFlops, long PeakCacheBytes,
    string? Note);
