using Augur.Pipelines;

namespace Augur.Cli.Commands.Generate;

/// <summary>How many steps a picture takes that begins with another.</summary>
internal static class StepsText
{
    /// <summary>The sentence, without a full stop; null where all steps are taken.</summary>
    public static string? Of(GenerationRequest request) => request.Source is { } source && request.TakenSteps < request.Steps
        ? FormattableString.Invariant($"Steps: {request.TakenSteps} of {request.Steps} are taken, as strength {source.Strength} says") : null;
}
