using System.Globalization;
using System.Text.Json;
using Augur.Tuning;
using Augur.Decoding;

namespace Augur.Cli.Commands;

/// <summary>What was fitted: the setting that it goes into, and how well it went.</summary>
internal sealed record Fitted(string Setting, IReadOnlyList<double> Values, string Summary);

/// <summary>One fit to the changes from call to call of uncached pictures: measures, fits, and writes a policy file.</summary>
internal sealed record FitChangesRun
{
    public required Drawing Drawing { get; init; }

    public required string Out { get; init; }

    public required string Policy { get; init; }

    public required Func<IReadOnlyList<IReadOnlyList<CallChange>>, Fitted> Fit { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        OutputFile.RequireWritable("--out", Out);
        using var backend = ComputeOptions.Backend(Drawing.Device, Drawing.Threads);
        using var model = Drawing.Load(backend);
        var requests = Drawing.Requests(model);
        var progress = new StepProgress(Error, requests.Sum(r => (long)r.Steps));
        IReadOnlyList<IReadOnlyList<CallChange>> runs = [];
        await progress.RunAsync(async () => runs = await ChangeRecorder.MeasureAsync(model, requests, Drawing.EngineOptions, progress.Advance, cancellationToken));
        var fitted = Fit(runs);
        AtomicFile.Write(Out, stream => Write(stream, fitted));
        Terminal.WriteText(Output, $"{Out}: policy {Policy}, {fitted.Summary}, from {requests.Count} pictures.");
        return 0;
    }

    private void Write(Stream stream, Fitted fitted)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("policy", Policy);
        json.WriteString(fitted.Setting, string.Join(' ', fitted.Values.Select(v => v.ToString(CultureInfo.InvariantCulture))));
        json.WriteEndObject();
    }
}
