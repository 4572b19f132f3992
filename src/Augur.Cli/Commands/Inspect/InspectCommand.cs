using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Cli.Commands.Options;
using Augur.Tensors.Weights;

namespace Augur.Cli.Commands.Inspect;

/// <summary>What <c>augur inspect --json</c> prints.</summary>
internal sealed record InspectOutput(
    string Path, string Format, string Architecture, long Parameters, long Bytes, int Tensors, IReadOnlyDictionary<string, int> Types,
    IReadOnlyDictionary<string, string> Sizes, IReadOnlyDictionary<string, string> Notes, IReadOnlyList<string> Missing, IReadOnlyList<string> Unused,
    IReadOnlyList<string> Classes);

/// <summary><c>augur inspect</c>: what is in a weight file or model folder.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var path = new Argument<string?>("path")
        {
            Description = "Weight file, model folder or LoRA; default: the built-in model.",
            Arity = ArgumentArity.ZeroOrOne
        };
        var tensors = new Option<bool>("--tensors") { Description = "Also list every tensor with its type and shape." };
        var json = new Option<bool>("--json") { Description = "Print a JSON object." };
        var files = new ModelFileOptions();
        var command = new Command("inspect", """
            Say what a weight file or model folder holds: architecture, sizes, types, parameters, what is missing or unused.

              augur inspect
              augur inspect DiT-XL-2-256x256.pt --tensors
              augur inspect flux1-dev-Q4_K_S.gguf
              augur inspect --transformer flux1-dev-Q4_K_S.gguf --text-encoder clip_l.safetensors --vae ae.safetensors --lora style.safetensors
            """) { path, tensors, json };
        foreach (var option in files.All)
        {
            command.Add(option);
        }

        command.SetAction(parsed => Run(
            files.Read(parsed, parsed.GetValue(path)), parsed.GetValue(tensors), parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(ModelPaths paths, bool listTensors, bool json, TextWriter output)
    {
        var (path, found) = (paths.Main, ModelInspection.InspectParts(paths));
        var weights = found.Weights;
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new InspectOutput(
                    path, weights.Format, found.Architecture, weights.ParameterCount, weights.ByteCount, weights.TensorCount,
                    weights.Types.ToDictionary(t => t.Type.ToString(), t => t.TensorCount), found.Sizes, found.Notes, found.Missing, found.Unused,
                    found.Classes),
                CliJson.Indented.InspectOutput));
            return found.Missing.Count + found.Unused.Count == 0 ? 0 : 1;
        }

        output.WriteLine(Printable.Line(path));
        Row("architecture", found.Architecture);
        foreach (var (name, value) in found.Sizes)
        {
            Row(name, value);
        }

        foreach (var (name, note) in found.Notes)
        {
            Row(name, note);
        }

        Row("format", weights.Format);
        Row("tensors", $"{weights.TensorCount} ({string.Join(", ", weights.Types.Select(TypeOf))})");
        Row("parameters", string.Create(CultureInfo.InvariantCulture, $"{weights.ParameterCount:N0} in {weights.ByteCount / 1048576.0:0.0} MiB"));
        Row("missing", List(found.Missing));
        Row("unused", List(found.Unused));
        if (found.Classes.Count > 0)
        {
            Row("classes", string.Join(", ", found.Classes));
        }

        foreach (var tensor in listTensors ? weights.Tensors : [])
        {
            output.WriteLine(Printable.Line($"  {tensor.Name} {tensor.Type} {tensor.Shape}"));
        }

        return found.Missing.Count + found.Unused.Count == 0 ? 0 : 1;

        static string TypeOf(TypeSummary t) => string.Create(
            CultureInfo.InvariantCulture, $"{t.TensorCount} {t.Type}{(t.Type.IsBlocks() ? $" of {t.ByteCount / 1048576.0:0.0} MiB" : "")}");
        void Row(string name, string value) => output.WriteLine(Printable.Line($"  {name,-14} {value}"));
        static string List(IReadOnlyList<string> names) => names.Count == 0 ? "none" : $"{names.Count}: "
            + $"{string.Join(", ", names.Take(8))}{(names.Count > 8 ? ", …" : "")}";
    }
}
