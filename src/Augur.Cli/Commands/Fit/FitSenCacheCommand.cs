using System.CommandLine;
using Augur.Cli.Commands.Options;

namespace Augur.Cli.Commands.Fit;

/// <summary><c>augur fit sencache</c>: how a model's output answers to changes of its latent and of its time.</summary>
internal static class FitSenCacheCommand
{
    public static Command Create()
    {
        var drawing = new DrawingOptions(defaultCount: $"{FitSenCacheRun.DefaultCount}");
        var output = new Option<string>("--out") { Description = "The policy with its table, a .json file.", HelpName = "PATH", Required = true };
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of a sentence." };
        var command = new Command("sencache", """
            Measure the sensitivities that the policy sencache goes by, on uncached pictures: three network calls for each of theirs.

              augur fit sencache --out sencache.json
              augur generate rocket --policy @sencache.json

            The table is for one model; it is read at the nearest time, so that another number of steps takes it as it is.
            """) { output, json };
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new FitSenCacheRun
        {
            Drawing = drawing.Read(parsed),
            Out = parsed.GetValue(output)!,
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }
}
