using Augur.Pipelines;

namespace Augur.Cli.Commands.Generate;

/// <summary>Which caching method ran and why, as <c>--json</c> prints it.</summary>
/// <param name="Policy">With its settings.</param>
/// <param name="Profile">Word of the model's profile; null where it is none.</param>
/// <param name="Reason">One clause.</param>
/// <param name="Faster">What would draw faster; null where nothing is known to.</param>
internal sealed record MethodOutput(string Policy, string? Profile, string Reason, string? Faster)
{
    public static MethodOutput Of(PolicyChoice choice) => new(choice.Policy.Name, choice.Profile?.Quality, choice.Reason, MethodText.Faster(choice));
}
