using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Options;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary><c>augur fit sencache</c>: how a model's output answers to changes of its latent and of its time.</summary>
internal static class FitSenCacheCommand
{
    private const int DefaultCount = 8;

    public static Command Create()
    {
        var drawing = new DrawingOptions(defaultCount: $"{DefaultCount}");
        var output = new Option<string>("--out") { Description = "The policy with its table, a .json file.", HelpName = "PATH", Required = true };
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of a sentence." };
        var command = new Command("sencache", """
            Measure the sensitivities that the policy sencache goes by, on uncached pictures: three network calls for each of theirs.

              augur fit sencache --out sencache.json
              augur generate rocket --policy @sencache.json

            The table is for one model; it is read at the nearest time, so that another number of steps takes it as it is.
            """) { output, json };
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new FitMeasuredRun<SenCacheFit>
        {
            Drawing = drawing.Read(parsed).OrCount(DefaultCount),
            Out = parsed.GetValue(output)!,
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
            Title = "measuring sensitivities",
            Prepare = (model, requests) => new SenCacheFitting(model, requests),
            Policy = fit => fit.Policy,
            Summary = fit => string.Create(
                CultureInfo.InvariantCulture,
                $"policy sencache, sensitivities at {fit.Table.Count} times, relative standard deviation over pictures at most {fit.Spread:0.00}"),
            Report = (fit, pictures) => JsonSerializer.Serialize(
                new FitSenCacheOutput(parsed.GetValue(output)!, "sencache", fit.Table, fit.Spread, pictures), CliJson.Indented.FitSenCacheOutput),
        }.RunAsync(cancellationToken));
        return command;
    }
}

/// <summary>What <c>augur fit sencache --json</c> prints.</summary>
internal sealed record FitSenCacheOutput(string File, string Policy, IReadOnlyList<CallSensitivity> Table, double Spread, int Pictures);
