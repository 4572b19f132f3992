using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Tensors.Weights;

namespace Augur.Cli.Commands.Conversion;

/// <summary>What <c>augur convert --json</c> prints.</summary>
internal sealed record ConvertOutput(
    string File, IReadOnlyDictionary<string, int> Types, long BytesBefore, long BytesAfter, double RelativeError, IReadOnlyList<string> Beside);

/// <summary><c>augur convert</c>: writes weights in another precision.</summary>
internal static class ConvertCommand
{
    private static readonly (string Word, StoredType Type)[] s_types =
    [
        ("q8_0", StoredType.Q8_0), ("q6_k", StoredType.Q6_K), ("q5_k", StoredType.Q5_K), ("q4_k", StoredType.Q4_K), ("q5_0", StoredType.Q5_0),
        ("q4_0", StoredType.Q4_0), ("f16", StoredType.Float16), ("bf16", StoredType.BFloat16), ("f32", StoredType.Float32),
    ];

    private static readonly string[] s_weights = [".safetensors", ".pt", ".pth", ".bin", ".gguf", ".index.json"];

    private static string Words => string.Join(", ", s_types.Select(t => t.Word));

    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "Weight file, index of shards, or folder with one." };
        var type = new Option<string>("--type") { Description = $"What matrices become: {Words}.", HelpName = "TYPE", Required = true };
        var output = new Option<string>("--out") { Description = "The new file, .gguf or .safetensors.", HelpName = "FILE", Required = true };
        var json = new Option<bool>("--json") { Description = "Print a JSON object instead of sentences." };
        var command = new Command("convert", """
            Write a model's weights in another precision: quantised as GGUF, or in half precision.

              augur convert flux1-dev.safetensors --type q4_k --out flux1-dev-q4_k.gguf
              augur convert DiT-XL-2-256x256.pt --type f16 --out DiT-XL-2-256x256.safetensors

            Vectors (biases, norms) stay in single precision; small tensors, kernels of convolutions and the maps into and out of the network
            are not quantised. A matrix whose rows are not whole blocks of 256 becomes q8_0 instead of a K type. The model's config.json, and of a
            model that writes its tokenizer, are put beside the new file where they are not there yet.
            """) { model, type, output, json };
        command.SetAction((parsed, cancellationToken) => Run(
            parsed.GetValue(model)!, parsed.GetValue(type)!, parsed.GetValue(output)!, parsed.GetValue(json),
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellationToken));
        return command;
    }

    private static async Task<int> Run(
        string model, string word, string path, bool json, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var type = Array.Find(s_types, t => t.Word.Equals(word, StringComparison.OrdinalIgnoreCase)) is { Word: not null } known ? known.Type
            : throw CommandException.WrongUse($"--type is {word}; it can be {Words}.");
        var isGguf = IsGguf(path, word, type);
        OutputFile.Require([("--out", path)], [("the model", model)]);
        RequireWeights(model);
        using var checkpoint = Checkpoint.Open(model);
        var companions = CompanionFiles.Of(model, path);
        var plan = WeightConversion.Plan(checkpoint, type);
        var progress = new StepProgress(json ? TextWriter.Null : error, plan.Count) { Title = "converting", Unit = "tensor" };
        ConversionReport? report = null;
        await progress.RunAsync(() => Task.Run(
            () => report = isGguf
                ? WeightConversion.WriteGguf(plan, ModelInspection.DescribeForGguf(checkpoint), path, progress.Advance, cancellationToken)
                : WeightConversion.WriteSafetensors(plan, path, progress.Advance, cancellationToken),
            cancellationToken));
        companions.Write();
        Report(report!, path, companions.Names, json, output);
        return 0;
    }

    // A pipeline's folder has its weights in folders of their own.
    private static void RequireWeights(string model)
    {
        if (!Directory.Exists(model) || Holds(model))
        {
            return;
        }

        string[] parts = [.. Directory.EnumerateDirectories(model).Where(Holds).Order(StringComparer.Ordinal)];
        if (parts.Length > 0)
        {
            var names = string.Join(", ", parts.Select(Path.GetFileName));
            throw CommandException.Failed($"{model}: the weights are in folders of their own ({names}); convert each of them, as {parts[0]}.");
        }

        static bool Holds(string folder) => Directory.EnumerateFiles(folder)
            .Any(file => s_weights.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsGguf(string path, string word, StoredType type)
    {
        var isGguf = path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
        if (!isGguf && !path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            throw CommandException.WrongUse($"--out is {path}; give a name that ends in .gguf or .safetensors.");
        }

        return isGguf || type is StoredType.Float16 or StoredType.BFloat16 or StoredType.Float32 ? isGguf
            : throw CommandException.WrongUse($"--type {word} needs a name for --out that ends in .gguf; safetensors has no such type.");
    }

    private static void Report(ConversionReport report, string path, IReadOnlyList<string> beside, bool json, TextWriter output)
    {
        var before = report.Tensors.Sum(t => t.Tensor.ByteCount);
        var types = report.Tensors.GroupBy(t => t.Type).OrderByDescending(g => g.Count()).ToDictionary(g => g.Key.ToString(), g => g.Count());
        var after = new FileInfo(path).Length;
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new ConvertOutput(path, types, before, after, report.RelativeError, beside), CliJson.Indented.ConvertOutput));
            return;
        }

        var loss = report.RelativeError > 0
            ? string.Create(CultureInfo.InvariantCulture, $"; quantised weights differ by {report.RelativeError:0.00%} of their magnitude") : "";
        Terminal.WriteText(output, string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Line(path)}: {string.Join(", ", types.Select(t => $"{t.Value} {t.Key}"))}; {before / 1048576.0:0.0} MiB became "
                + $"{after / 1048576.0:0.0} MiB{loss}.{(beside.Count > 0 ? $" Beside it: {string.Join(", ", beside)}." : "")}"));
    }
}
