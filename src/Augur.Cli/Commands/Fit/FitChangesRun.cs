using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Options;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary>What was fitted: the setting that it goes into, and how well it went.</summary>
internal sealed record Fitted(string Setting, IReadOnlyList<double> Values, string Summary);

/// <summary>One fit to the changes from call to call of uncached pictures: measures, fits, and writes a policy file.</summary>
internal sealed record FitChangesRun
{
    public required Drawing Drawing { get; init; }

    public required string Out { get; init; }

    public required string Policy { get; init; }

    public required Func<IReadOnlyList<IReadOnlyList<CallChange>>, Fitted> Fit { get; init; }

    public bool Json { get; init; }

    /// <summary>Refuses, given the changes from call to call that there will be, what cannot be fitted to them.</summary>
    public Action<int>? Require { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        OutputFile.Require([("--out", Out)], Drawing.Inputs());
        using var backend = Drawing.Compute.Open();
        using var model = Drawing.LoadToFit(backend);
        var requests = Drawing.Requests(model);
        var calls = ChangeRecorder.CallCountOf(model, requests[0]);
        Require?.Invoke(requests.Count * (calls - 1));
        var progress = new StepProgress(Json ? TextWriter.Null : Error, requests.Sum(r => (long)r.Steps));
        var recorder = new ChangeRecorder();
        Drawn drawn = new([], []);
        await progress.RunAsync(async () =>
        {
            await progress.EncodeAsync(model, requests);
            drawn = await EngineRun.DrawAsync(
                model, Drawing.EngineOptions, [.. requests.Select(r => r with { Cache = recorder, CacheBudget = null })], progress.Advance,
                cancellationToken);
        });
        if (drawn.Problems.OfType<Exception>().FirstOrDefault() is { } problem)
        {
            throw problem; // nothing is fitted to pictures that failed
        }

        if (drawn.Finished.Count == 0)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        var fitted = Fit(recorder.Runs);
        var first = requests[0];
        var values = string.Join(' ', fitted.Values.Select(v => v.ToString(CultureInfo.InvariantCulture)));
        Profile.Write(Out, $"{Policy}({fitted.Setting}={values})", new()
        {
            Model = model.Denoiser.Name,
            Weights = Drawing.WeightsHash,
            Sampler = first.Sampler!.Name,
            Steps = first.Steps,
            Calls = calls,
            Guidance = first.Guidance!.Value.Scale,
            Pictures = drawn.Finished.Count,
            Seed = first.Seed,
        });
        if (Json)
        {
            var report = new FitChangesOutput(Out, Policy, fitted.Setting, fitted.Values, fitted.Summary, drawn.Finished.Count);
            Output.WriteLine(JsonSerializer.Serialize(report, CliJson.Indented.FitChangesOutput));
        }
        else
        {
            Terminal.WriteText(Output, $"{Printable.Line(Out)}: policy {Policy}, {fitted.Summary}, from {drawn.Finished.Count} pictures.");
        }

        if (drawn.Finished.Count == requests.Count)
        {
            return 0;
        }

        await Error.WriteLineAsync($"augur: stopped; the fit is from the {drawn.Finished.Count} of {requests.Count} pictures that were finished.");
        return CommandRunner.Cancelled;
    }
}

/// <summary>What <c>augur fit teacache --json</c> and <c>augur fit magcache --json</c> print.</summary>
internal sealed record FitChangesOutput(string File, string Policy, string Setting, IReadOnlyList<double> Values, string Summary, int Pictures);
