using System.CommandLine;
using System.Globalization;
using Augur.Cli.Commands.Options;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary><c>augur fit magcache</c>: how the magnitude of the blocks' change varies from call to call.</summary>
internal static class FitMagCacheCommand
{
    public static Command Create()
    {
        var drawing = new DrawingOptions();
        var output = new Option<string>("--out") { Description = "The policy with its ratios, a .json file.", HelpName = "PATH", Required = true };
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of a sentence." };
        var command = new Command("magcache", """
            Measure the ratios of magnitude that the policy magcache goes by, on uncached pictures.

              augur fit magcache --out magcache.json
              augur generate rocket --policy @magcache.json

            The ratios are for one model and sampler, which the file names; for another number of steps they are taken from the same curve.
            """) { output, json };
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new FitChangesRun
        {
            Drawing = drawing.Read(parsed),
            Out = parsed.GetValue(output)!,
            Policy = "magcache",
            Fit = runs =>
            {
                var fit = MagCacheFit.Of(runs);
                return new Fitted("ratios", fit.Ratios, string.Create(CultureInfo.InvariantCulture, $"{fit.Ratios.Count} ratios, standard deviation "
                    + $"over pictures at most {fit.Spread:0.0000}"));
            },
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }
}
