using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Options;
using Augur.Requests;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary>One <c>augur fit forecast</c>: plans, fits, writes the fit.</summary>
internal sealed record FitForecastRun
{
    internal const int DefaultCount = 48;
    private const int MostCalls = 1000;
    private const double MostSearch = 1000;

    public required Drawing Drawing { get; init; }

    public required string Out { get; init; }

    public required string Calls { get; init; }

    public required string? Schedule { get; init; }

    public required string? Search { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var options = Options();
        OutputFile.Require([("--out", Out)], Drawing.Inputs());
        if (!Out.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            throw CommandException.WrongUse($"--out is {Out}; a fit is written as .json.");
        }

        using var backend = Drawing.Compute.Open();
        using var model = Drawing.LoadToFit(backend);
        var requests = Drawing.OrCount(DefaultCount).Requests(model, spread: true);
        var clock = Stopwatch.StartNew();
        var fitting = new ForecastFitting(model, requests, options);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, fitting.TotalCalls) { Title = "fitting forecasts", Unit = "call" };
        ForecastFitResult? found = null;
        await progress.RunAsync(() => Task.Run(() => found = fitting.Run(progress.Advance, cancellationToken), cancellationToken));
        found!.Save(Out, new ProfileAbout
        {
            Model = model.Denoiser.Name,
            Weights = Drawing.WeightsHash,
            Pictures = requests.Count,
            Seed = requests[0].Seed,
        });
        Report(found, requests.Count, clock.Elapsed.TotalSeconds);
        return 0;
    }

    private ForecastFitOptions Options()
    {
        if (Schedule is not null)
        {
            if (Search is not null)
            {
                throw CommandException.WrongUse("--search moves planned calls, and those of --schedule stand; one of them is given.");
            }

            int[] given = [.. Schedule.Split('-').Select(text => NumberText.Integer("--schedule", text, 0, MostCalls))];
            return new ForecastFitOptions { Calls = [given.Length], Schedule = given };
        }

        int[] counts = [.. Calls.Split(',', StringSplitOptions.TrimEntries).Select(text => NumberText.Integer("--calls", text, 1, MostCalls))];
        var options = new ForecastFitOptions { Calls = counts };
        if (Search is not null)
        {
            var share = NumberText.Number("--search", Search, $"a number from 0 to {MostSearch}", value => value is >= 0 and <= MostSearch);
            options = options with { Search = share };
        }

        return counts.Distinct().Count() == counts.Length ? options
            : throw CommandException.WrongUse($"--calls is \"{Calls}\"; each number stands there once.");
    }

    private void Report(ForecastFitResult found, int pictures, double seconds)
    {
        double[] errors = [.. found.Errors.Select(e => Math.Sqrt(e.Average()))];
        if (Json)
        {
            var plans = found.Computed.Zip(errors, (computed, error) => new FitForecastPlan(computed, error)).ToArray();
            Output.WriteLine(JsonSerializer.Serialize(new FitForecastOutput(Out, pictures, seconds, plans), CliJson.Indented.FitForecastOutput));
            return;
        }

        foreach (var (computed, error) in found.Computed.Zip(errors))
        {
            Terminal.WriteText(Output, string.Create(
                CultureInfo.InvariantCulture,
                $"{computed.Length} computed calls, {string.Join('-', computed)}: the calibration pictures' latents are {error:0.0000} from the "
                    + $"uncached ones (root mean square)."));
        }

        Terminal.WriteText(Output, string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Line(Out)}: fitted to {pictures} pictures in {seconds:0} s. Use it with --policy "
                + $"\"augur({found.Computed[0].Length},forecast={Printable.Line(Out)})\"."));
    }
}

/// <summary>
/// One plan of a fit: its computed calls, and how far the calibration pictures' latents are from the uncached ones, root mean square.
/// </summary>
internal sealed record FitForecastPlan(int[] Computed, double LatentDistance);

/// <summary>What <c>augur fit forecast --json</c> prints.</summary>
internal sealed record FitForecastOutput(string File, int Pictures, double Seconds, IReadOnlyList<FitForecastPlan> Plans);
