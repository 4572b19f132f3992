using System.Text.Json;
using System.Text.Json.Serialization;
using Augur.Catalogs;
using Augur.Cli.Commands.Bench;
using Augur.Cli.Commands.Bench.Texts;
using Augur.Cli.Commands.Compare;
using Augur.Cli.Commands.Conversion;
using Augur.Cli.Commands.Devices;
using Augur.Cli.Commands.Edit;
using Augur.Cli.Commands.Fit;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Inspect;
using Augur.Cli.Commands.Tune;
using Augur.Cli.Commands.Write;
using Augur.Replay;
using Augur.Tuning;

namespace Augur.Cli;

/// <summary>What <c>--json</c> writes.</summary>
[JsonSerializable(typeof(ReplayResult))]
[JsonSerializable(typeof(GenerationOutput))]
[JsonSerializable(typeof(WriteOutput))]
[JsonSerializable(typeof(IReadOnlyList<TextRow>))]
[JsonSerializable(typeof(GenerationParameters))]
[JsonSerializable(typeof(CompareOutput))]
[JsonSerializable(typeof(EditOutput))]
[JsonSerializable(typeof(InvertOutput))]
[JsonSerializable(typeof(BenchHeader))]
[JsonSerializable(typeof(BenchChunk))]
[JsonSerializable(typeof(TextBenchChunk))]
[JsonSerializable(typeof(TextBenchOutput))]
[JsonSerializable(typeof(TuneTextsOutput))]
[JsonSerializable(typeof(InspectOutput))]
[JsonSerializable(typeof(DevicesOutput))]
[JsonSerializable(typeof(ConvertOutput))]
[JsonSerializable(typeof(FitL2COutput))]
[JsonSerializable(typeof(FitChangesOutput))]
[JsonSerializable(typeof(FitSenCacheOutput))]
[JsonSerializable(typeof(FitMeanCacheOutput))]
[JsonSerializable(typeof(FitErrorOutput))]
[JsonSerializable(typeof(FitForecastOutput))]
[JsonSerializable(typeof(TuneOutput))]
[JsonSerializable(typeof(FrontOutput))]
[JsonSerializable(typeof(BenchOutput))]
[JsonSerializable(typeof(IReadOnlyList<ListedKind>))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>One object per line.</summary>
    public static CliJson Compact { get; } = new(Written(indented: false));

    /// <summary>For people.</summary>
    public static CliJson Indented { get; } = new(Written(indented: true));

    private static JsonSerializerOptions Written(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter<ReplayStatus>() },
        WriteIndented = indented,
    };
}
