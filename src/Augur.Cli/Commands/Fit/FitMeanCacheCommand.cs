using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Options;
using Augur.Requests;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary><c>augur fit meancache</c>: the computed calls of the policy meancache, by a shortest path.</summary>
internal static class FitMeanCacheCommand
{
    private const int DefaultCount = 16, MostCalls = 1000;

    public static Command Create()
    {
        var drawing = new DrawingOptions(defaultCount: $"{DefaultCount}");
        var output = new Option<string>("--out") { Description = "The policy with its schedule, a .json file.", HelpName = "PATH", Required = true };
        var calls = new Option<string>("--calls")
        {
            Description = "Computed calls.",
            HelpName = "NUMBER",
            DefaultValueFactory = _ => "10",
        };
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of a sentence." };
        var command = new Command("meancache", """
            Find the calls that the policy meancache computes, on uncached pictures: of all choices the one whose drafts move the result least,
            and whether answers are corrected or repeated.

              augur fit meancache --calls 10 --out meancache.json
              augur generate rocket --policy @meancache.json

            The schedule is for one model and sampler; another number of steps takes the same shares of the way.
            """) { output, calls, json };
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var count = NumberText.Integer("--calls", parsed.GetValue(calls)!, 1, MostCalls);
            return new FitMeasuredRun<MeanCacheFit>
            {
                Drawing = drawing.Read(parsed).OrCount(DefaultCount),
                Out = parsed.GetValue(output)!,
                Json = parsed.GetValue(json),
                Output = parsed.InvocationConfiguration.Output,
                Error = parsed.InvocationConfiguration.Error,
                Title = "recording runs",
                Prepare = (model, requests) => new MeanCacheFitting(model, requests, count),
                Policy = fit => fit.Policy,
                Summary = fit => string.Create(
                    CultureInfo.InvariantCulture,
                    $"policy meancache, {fit.Computed.Count} of {fit.Calls} calls, {string.Join('-', fit.Computed)}, answers "
                        + $"{(fit.Steps == 1 ? "repeated" : "corrected")}"),
                Report = (fit, pictures) => JsonSerializer.Serialize(
                    new FitMeanCacheOutput(parsed.GetValue(output)!, "meancache", fit.Computed, fit.Steps, pictures),
                    CliJson.Indented.FitMeanCacheOutput),
            }.RunAsync(cancellationToken);
        });
        return command;
    }
}

/// <summary>What <c>augur fit meancache --json</c> prints.</summary>
internal sealed record FitMeanCacheOutput(string File, string Policy, IReadOnlyList<int> Computed, int Steps, int Pictures);
