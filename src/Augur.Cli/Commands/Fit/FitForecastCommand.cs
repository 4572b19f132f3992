using System.CommandLine;
using System.Globalization;
using Augur.Cli.Commands.Options;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary><c>augur fit forecast</c>: its options; what they mean together is in <see cref="FitForecastRun"/>.</summary>
internal static class FitForecastCommand
{
    public static Command Create()
    {
        var drawing = new DrawingOptions(defaultCount: $"{FitForecastRun.DefaultCount}");
        var output = new Option<string>("--out") { Description = "The fit, a .json file.", HelpName = "PATH", Required = true };
        var calls = new Option<string>("--calls")
        {
            Description = "Numbers of computed calls, separated by commas; the fit has a plan for each.",
            HelpName = "LIST",
            DefaultValueFactory = _ => "10",
        };
        var schedule = new Option<string?>("--schedule")
        {
            Description = "The computed calls, such as 0-4-10-16, instead of planned ones.",
            HelpName = "LIST",
        };
        var search = new Option<string?>("--search")
        {
            Description = "Network calls that moving planned calls may take, relative to those of the uncached runs; 0: they stand as planned. "
                + $"Default: {new ForecastFitOptions().Search.ToString(CultureInfo.InvariantCulture)}.",
            HelpName = "FACTOR",
        };
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of sentences." };
        var command = new Command("forecast", """
            Plan which calls are computed, and fit the forecasts of the others, for the policy augur.

              augur fit forecast --out forecast.json --calls 7,10
              augur generate rocket --policy "augur(7,forecast=forecast.json)"
              augur tune --speedup 5 --policy "augur(10,forecast=forecast.json)" --out profile.json

            A fit is for one model, sampler, number of steps and guidance, which the file names. It is made from --count pictures, 48 unless given,
            of classes spread evenly.
            """) { output, calls, schedule, search, json };
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new FitForecastRun
        {
            Drawing = drawing.Read(parsed),
            Out = parsed.GetValue(output)!,
            Calls = parsed.GetValue(calls)!,
            Schedule = parsed.GetValue(schedule),
            Search = parsed.GetValue(search),
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }
}
