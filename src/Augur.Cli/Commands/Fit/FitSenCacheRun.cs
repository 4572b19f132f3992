using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Options;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary>One <c>augur fit sencache</c>: measures, and writes a policy file.</summary>
internal sealed record FitSenCacheRun
{
    internal const int DefaultCount = 8;

    public required Drawing Drawing { get; init; }

    public required string Out { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        OutputFile.Require([("--out", Out)], Drawing.Inputs());
        using var backend = Drawing.Compute.Open();
        using var model = Drawing.LoadToFit(backend);
        var requests = (Drawing with { Count = Drawing.Count ?? DefaultCount }).Requests(model);
        var fitting = new SenCacheFitting(model, requests);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, fitting.TotalCalls) { Title = "measuring sensitivities", Unit = "call" };
        SenCacheFit? fit = null;
        await progress.RunAsync(() => Task.Run(() => fit = fitting.Run(progress.Advance, cancellationToken), cancellationToken));
        var first = requests[0];
        Profile.Write(Out, fit!.Policy, new()
        {
            Model = model.Denoiser.Name,
            Weights = Drawing.WeightsHash,
            Sampler = first.Sampler!.Name,
            Steps = first.Steps,
            Calls = fitting.CallCount,
            Guidance = first.Guidance!.Value.Scale,
            Pictures = requests.Count,
            Seed = first.Seed,
        });
        Report(fit, requests.Count);
        return 0;
    }

    private void Report(SenCacheFit fit, int pictures)
    {
        if (Json)
        {
            Output.WriteLine(JsonSerializer.Serialize(
                new FitSenCacheOutput(Out, "sencache", fit.Table, fit.Spread, pictures), CliJson.Indented.FitSenCacheOutput));
            return;
        }

        Terminal.WriteText(Output, string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Line(Out)}: policy sencache, sensitivities at {fit.Table.Count} times, relative standard deviation over pictures at most "
                + $"{fit.Spread:0.00}, from {pictures} pictures."));
    }
}

/// <summary>What <c>augur fit sencache --json</c> prints.</summary>
internal sealed record FitSenCacheOutput(string File, string Policy, IReadOnlyList<CallSensitivity> Table, double Spread, int Pictures);
