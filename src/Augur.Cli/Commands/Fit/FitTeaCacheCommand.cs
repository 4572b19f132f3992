using System.CommandLine;
using System.Globalization;
using Augur.Cli.Commands.Options;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary><c>augur fit teacache</c>: the polynomial from the input's change to the output's.</summary>
internal static class FitTeaCacheCommand
{
    public static Command Create()
    {
        var drawing = new DrawingOptions();
        var output = new Option<string>("--out")
        {
            Description = "The policy with its polynomial, a .json "
            + "file.",
            HelpName = "PATH",
            Required = true
        };
        var degree = NumberOptions.Integer("--degree", "Of the polynomial.", 0, 8, 4);
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of a sentence." };
        var command = new Command("teacache", """
            Fit the polynomial by which the policy teacache rescales changes of the input, on uncached pictures.

              augur fit teacache --out teacache.json
              augur generate rocket --policy @teacache.json

            The polynomial is for one model, one number of steps and one sampler, which the file names; a run of others is refused.
            """) { output, degree, json };
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new FitChangesRun
        {
            Drawing = drawing.Read(parsed),
            Out = parsed.GetValue(output)!,
            Policy = "teacache",
            Require = changes => TeaCacheFit.RequireDegree(parsed.GetValue(degree), changes),
            Fit = runs =>
            {
                var fit = TeaCacheFit.Of(runs, parsed.GetValue(degree));
                return new Fitted("coefficients", fit.Coefficients,
                    string.Create(CultureInfo.InvariantCulture,
                    $"degree {fit.Coefficients.Count - 1}, fitted to {fit.Calls} calls, R² {fit.Determination:0.000}"));
            },
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }
}
