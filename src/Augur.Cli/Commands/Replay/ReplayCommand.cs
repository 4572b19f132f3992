using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Options;
using Augur.Replay;
using Augur.Tensors;

namespace Augur.Cli.Commands.Replay;

/// <summary><c>augur replay</c>: runs saved fixtures and compares every decision and tensor.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Fixture folders, or single runs in them.", Arity = ArgumentArity.OneOrMore };
        var compute = new ComputeOptions();
        var json = new Option<bool>("--json") { Description = "Print one JSON object per run instead of the table." };
        var command = new Command("replay", """
            Replay runs that another implementation saved, and compare every decision and tensor.

              augur replay tests/fixtures/dit-core
              augur replay tests/fixtures/dit-core/ddim50.safetensors --json

            Prints PASS, FAIL or UNSUPPORTED per run; exit code 0 only if every run passes.
            """) { paths, json };
        compute.All.ToList().ForEach(command.Add);
        command.SetAction(parsed =>
        {
            using var backend = compute.Read(parsed).Open();
            return Run(parsed.GetValue(paths) ?? [], backend, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    private static int Run(string[] paths, IBackend backend, bool json, TextWriter output)
    {
        int passed = 0, failed = 0;
        foreach (var result in paths.SelectMany(path => ReplayRunner.Run(path, backend)))
        {
            _ = result.Status == ReplayStatus.Pass ? passed++ : failed++;
            output.WriteLine(json ? JsonSerializer.Serialize(result, CliJson.Compact.ReplayResult) : Printable.Line(Line(result)));
            output.Flush();
        }

        if (!json)
        {
            output.WriteLine($"{passed} passed, {failed} failed");
        }

        return failed == 0 ? 0 : 1;
    }

    private static string Line(ReplayResult result)
    {
        var status = result.Status.ToString().ToUpperInvariant();
        return result.Status == ReplayStatus.Unsupported
            ? $"{status,-11} {result.Run}: {result.Detail}"
            : string.Create(CultureInfo.InvariantCulture, $"{status,-11} {result.Run}: {result.TensorCount} tensors, max abs "
                + $"{result.MaxAbsolute:0.00e+00}, max rel {result.MaxRelative:0.00e+00}, tolerance "
                + $"{result.Tolerance:0e+00}{(result.Detail.Length > 0 ? $"; {result.Detail}" : "")}");
    }
}
