namespace Augur.Cli.Commands.Generate;

/// <summary>Which caching method ran and why, as <c>--json</c> prints it.</summary>
/// <param name="Policy">With its settings.</param>
/// <param name="Reason">Why this one, and where there is none what would be faster.</param>
/// <param name="Note">What of a profile's figures does not hold for this run; null: nothing.</param>
internal sealed record MethodOutput(string Policy, string Reason, string? Note);
