using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Augur.Cli.Commands.Bench.Texts;
using Augur.Cli.Commands.Options;
using Augur.Tensors.Weights;

namespace Augur.Cli.Commands.Bench;

/// <summary><c>augur bench</c>: its options; what they mean together is in <see cref="BenchRun"/> and <see cref="BenchReport"/>.</summary>
internal static class BenchCommand
{
    private const string DefaultPolicies = "fora; taylorseer; speca";
    private const string DefaultWays = "block-cache; dllm-cache; llada(block=16,threshold=0.9)";

    public static Command Create()
    {
        var drawing = new DrawingOptions();
        var policies = new Option<string?>("--policies")
        {
            Description = $"What to measure, as in compare; of texts, as in write --compare; default: "
            + $"\"{DefaultPolicies}\"; of texts \"{DefaultWays}\".",
            HelpName = "LIST"
        };
        var file = new Option<string?>("--policies-file") { Description = "More of them, one per line; # begins a comment.", HelpName = "PATH" };
        var batch = NumberOptions.Integer("--batch", "Pictures that are drawn, timed and kept together.", 1, BenchRun.MaxBatch, 16);
        var baselines = new Option<string>("--baselines")
        {
            Description = "steps: also the uncached model with as few steps as cost the same; or "
            + "none.",
            HelpName = "WHICH",
            DefaultValueFactory = _ => "steps"
        };
        var output = new Option<string>("--out")
        {
            Description = "Folder of results, pictures, table and page; the same command goes on where it "
            + "stopped.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => "augur-bench"
        };
        var inception = new Option<string?>("--inception")
        {
            Description = "Inception weights of the usual port (.pth, .safetensors), for FID "
            + "between each row and the uncached run.",
            HelpName = "PATH"
        };
        var report = new Option<string?>("--report")
        {
            Description = "Write table and page of a folder again, from its results, and measure "
            + "nothing; stands alone.",
            HelpName = "FOLDER"
        };

        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of the table." };
        var writing = new WritingOptions();

        var command = new Command("bench", """
            Measure caching methods: speed in FLOPs and in seconds against quality, with intervals; of pictures, or of texts where the model writes.

              augur bench --policies "taylorseer(interval=5); speca" --count 32 --out results
              augur bench --policies-file policies.txt --count 48 --batch 16 --out results
              augur bench --report results
              augur bench --model models/stories --length 64 --policies "block-cache; dllm-cache(response=3); llada(block=16,threshold=0.9)"

            Every method makes the same pictures or texts; the uncached run is the reference. Ctrl-C loses nothing that was measured: start it again.
            """) { policies, file, batch, baselines, output, inception, report, json };
        drawing.AddTo(command);
        writing.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var written = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(report) is { } folder)
            {
                RequireAlone(parsed);
                if (new BenchFolder(folder).FindHeader() is { Length: not null })
                {
                    using var texts = TextBenchResults.Read(new BenchFolder(folder));
                    new TextBenchReport(texts).Write(written, parsed.GetValue(json));
                    return 0;
                }

                using var results = BenchResults.Read(new BenchFolder(folder));
                using var backend = new Compute().Open();
                using var features = new BenchFeatures(backend, parsed.GetValue(inception));
                new BenchReport(results, features).Write(written, parsed.GetValue(json));
                return 0;
            }

            var withBaselines = parsed.GetValue(baselines) switch
            {
                "steps" => true,
                "none" => false,
                var other => throw CommandException.WrongUse($"--baselines can be steps or none, not {other}."),
            };
            var asked = drawing.Read(parsed);
            if (writing.IsOfTexts(parsed, asked, batch, inception))
            {
                return await new TextBenchRun
                {
                    Drawing = asked,
                    Length = writing.Length(parsed),
                    Beginning = writing.Beginning(parsed),
                    Policies = List(parsed.GetValue(policies), parsed.GetValue(file), DefaultWays),
                    WithBaselines = withBaselines,
                    Out = parsed.GetValue(output)!,
                    Json = parsed.GetValue(json),
                    Output = written,
                    Error = parsed.InvocationConfiguration.Error,
                }.RunAsync(cancellationToken);
            }

            return await new BenchRun
            {
                Drawing = asked,
                Policies = List(parsed.GetValue(policies), parsed.GetValue(file), DefaultPolicies),
                Batch = parsed.GetValue(batch),
                WithBaselines = withBaselines,
                Out = parsed.GetValue(output)!,
                Inception = parsed.GetValue(inception),
                Json = parsed.GetValue(json),
                Output = written,
                Error = parsed.InvocationConfiguration.Error,
            }.RunAsync(cancellationToken);
        });
        return command;
    }

    private static void RequireAlone(ParseResult parsed)
    {
        if (parsed.CommandResult.Tokens.Count > 0 || parsed.CommandResult.Children.OfType<OptionResult>()
            .Any(o => !o.Implicit && o.Option.Name is not ("--report" or "--inception" or "--json")))
        {
            throw CommandException.WrongUse("--report stands alone but for --inception and --json: it measures nothing, so nothing else can be "
                + "asked for.");
        }
    }

    private static string List(string? policies, string? file, string usual)
    {
        if (file is null)
        {
            return policies ?? usual;
        }

        if (!File.Exists(file))
        {
            throw CommandException.Failed($"--policies-file {file}: there is no such file.");
        }

        const int MaxBytes = 1 << 20;
        var text = Encoding.UTF8.GetString(UntrustedFile.Read(file, MaxBytes)).TrimStart('\uFEFF');
        var lines = text.Split('\n').Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0);
        return string.Join("; ", lines.Prepend(policies).OfType<string>());
    }
}
