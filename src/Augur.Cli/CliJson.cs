using System.Text.Json;
using System.Text.Json.Serialization;
using Augur.Cli.Commands;
using Augur.Replay;

namespace Augur.Cli;

/// <summary>What <c>--json</c> writes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ReplayResult))]
[JsonSerializable(typeof(GenerationOutput))]
[JsonSerializable(typeof(GenerationParameters))]
[JsonSerializable(typeof(InspectOutput))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>One object per line.</summary>
    public static CliJson Compact { get; } = new(new JsonSerializerOptions(Default.Options) { WriteIndented = false });

    /// <summary>For people.</summary>
    public static CliJson Indented { get; } = new(new JsonSerializerOptions(Default.Options) { WriteIndented = true });
}
