using System.Globalization;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Cli.Commands.Options;
using Augur.Requests;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary>One <c>augur fit error</c>: measures, and writes a policy file.</summary>
internal sealed record FitErrorRun
{
    internal const int DefaultCount = 64;
    private const double MostError = 10, MostGuidance = 100;

    public required Drawing Drawing { get; init; }

    public required string Out { get; init; }

    public required string Wanted { get; init; }

    public required string? Guidance { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var wanted = NumberText.Number("--error", Wanted, $"a number above 0, at most {MostError}", value => value is > 0 and <= MostError);
        double[] scales = [.. (Guidance?.Split(',', StringSplitOptions.TrimEntries) ?? [])
            .Select(text => NumberText.Number("--guidance", text, $"a number from 0 to {MostGuidance}", value => value is >= 0 and <= MostGuidance))];
        OutputFile.Require([("--out", Out)], Drawing.Inputs());
        using var backend = Drawing.Compute.Open();
        using var model = Drawing.LoadToFit(backend);
        var requests = Drawing.OrCount(DefaultCount).Requests(model, spread: true);
        if (scales.Length > 0)
        {
            requests = [.. requests.Select((r, i) => r with { Guidance = r.Guidance!.Value with { Scale = scales[i % scales.Length] } })];
        }

        var fitting = new ErrorFitting(model, Drawing.EngineOptions, requests);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, fitting.TotalSteps) { Title = "measuring errors" };
        ErrorFit? fit = null;
        await progress.RunAsync(async () =>
        {
            await progress.EncodeAsync(model, requests);
            fit = await fitting.RunAsync(progress.Advance, progress.Extend, cancellationToken);
        });
        var reached = Math.Max(wanted, fit!.Table[0].Error);
        var policy = PolicyCatalog.Parse(fit.Policy(reached)).Name;
        var first = requests[0];
        Profile.Write(Out, policy, new()
        {
            Model = model.Denoiser.Name,
            Weights = Drawing.WeightsHash,
            Sampler = first.Sampler!.Name,
            Steps = first.Steps,
            Guidance = scales.Length > 1 ? null : first.Guidance!.Value.Scale,
            Pictures = requests.Count,
            Seed = first.Seed,
        });
        Report(fit, requests.Count, reached);
        return 0;
    }

    private void Report(ErrorFit fit, int pictures, double reached)
    {
        if (Json)
        {
            Output.WriteLine(JsonSerializer.Serialize(new FitErrorOutput(Out, reached, fit.Table, pictures), CliJson.Indented.FitErrorOutput));
            return;
        }

        new TextTable(
            ["tolerance", "error, 95 of 100", "computed calls"],
            [.. fit.Table.Select(t => (string[])[Text("0.####", t.Tolerance), Text("0.0000", t.Error), Text("0.0", t.Calls)])]).Write(Output);
        var least = reached == fit.Table[0].Error ? ", the least that was measured" : "";
        Terminal.WriteText(Output, string.Create(
            CultureInfo.InvariantCulture, $"{Printable.Line(Out)}: from {pictures} pictures, for an error of {reached}{least}."));
    }

    private static string Text(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>What <c>augur fit error --json</c> prints.</summary>
internal sealed record FitErrorOutput(string File, double Error, IReadOnlyList<ToleranceError> Table, int Pictures);
