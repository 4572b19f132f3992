using System.Globalization;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Cli.Commands.Options;
using Augur.Decoding;
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

    /// <summary>Refuses, given the changes from call to call that there will be, what cannot be fitted to them.</summary>
    public Action<int>? Require { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        OutputFile.RequireWritable("--out", Out);
        using var backend = ComputeOptions.Backend(Drawing.Threads);
        using var model = Drawing.Load(backend);
        var requests = Drawing.Requests(model);
        var calls = ChangeRecorder.CallCountOf(model, requests[0]);
        Require?.Invoke(requests.Count * (calls - 1));
        var progress = new StepProgress(Error, requests.Sum(r => (long)r.Steps));
        IReadOnlyList<IReadOnlyList<CallChange>> runs = [];
        await progress.RunAsync(async () => runs = await ChangeRecorder.MeasureAsync(model, requests, Drawing.EngineOptions, progress.Advance, cancellationToken));
        var fitted = Fit(runs);
        var first = requests[0];
        var values = string.Join(' ', fitted.Values.Select(v => v.ToString(CultureInfo.InvariantCulture)));
        Profile.Write(Out, $"{Policy}({fitted.Setting}={values})", new()
        {
            Model = model.Denoiser.Name,
            Weights = ModelIdentity.HashOf(Drawing.Model ?? ModelCatalog.BuiltInPath),
            Sampler = first.Sampler!.Name,
            Steps = first.Steps,
            Calls = calls,
            Guidance = first.Guidance!.Value.Scale,
            Pictures = requests.Count,
            Seed = first.Seed,
        });
        Terminal.WriteText(Output, $"{Out}: policy {Policy}, {fitted.Summary}, from {requests.Count} pictures.");
        return 0;
    }
}
