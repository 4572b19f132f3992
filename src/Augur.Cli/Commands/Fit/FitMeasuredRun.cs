using Augur.Cli.Commands.Options;
using Augur.Pipelines;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary>One fit that is measured on uncached runs: measures, and writes a policy file.</summary>
/// <typeparam name="TFit">What is found.</typeparam>
internal sealed record FitMeasuredRun<TFit>
    where TFit : class
{
    public required Drawing Drawing { get; init; }

    public required string Out { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>What progress says is done.</summary>
    public required string Title { get; init; }

    /// <summary>Prepares the measurement.</summary>
    public required Func<DiffusionModel, IReadOnlyList<GenerationRequest>, IRunMeasurement<TFit>> Prepare { get; init; }

    /// <summary>The policy that goes by what was found, in notation.</summary>
    public required Func<TFit, string> Policy { get; init; }

    /// <summary>What was found, behind "FILE: " and before ", from N pictures.".</summary>
    public required Func<TFit, string> Summary { get; init; }

    /// <summary>The JSON report, given the number of pictures.</summary>
    public required Func<TFit, int, string> Report { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        OutputFile.Require([("--out", Out)], Drawing.Inputs());
        using var backend = Drawing.Compute.Open();
        using var model = Drawing.LoadToFit(backend);
        var requests = Drawing.Requests(model);
        var measurement = Prepare(model, requests);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, measurement.TotalCalls) { Title = Title, Unit = "call" };
        TFit? fit = null;
        await progress.RunAsync(() => Task.Run(() => fit = measurement.Run(progress.Advance, cancellationToken), cancellationToken));
        var first = requests[0];
        Profile.Write(Out, Policy(fit!), new()
        {
            Model = model.Denoiser.Name,
            Weights = Drawing.WeightsHash,
            Sampler = first.Sampler!.Name,
            Steps = first.Steps,
            Calls = measurement.CallCount,
            Guidance = first.Guidance!.Value.Scale,
            Pictures = requests.Count,
            Seed = first.Seed,
        });
        if (Json)
        {
            await Output.WriteLineAsync(Report(fit!, requests.Count));
        }
        else
        {
            Terminal.WriteText(Output, $"{Printable.Line(Out)}: {Summary(fit!)}, from {requests.Count} pictures.");
        }

        return 0;
    }
}
