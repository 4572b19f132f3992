using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Decoding;
using Augur.Metrics;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Cli.Commands;

/// <summary>One <c>augur generate</c>: checks what was asked, draws, writes the grid and the report.</summary>
internal sealed record GenerateRun
{
    public required Drawing Drawing { get; init; }

    public required string? Policy { get; init; }

    public required string? Quality { get; init; }

    public required string Out { get; init; }

    public required bool Each { get; init; }

    /// <summary>Null: no audit.</summary>
    public required AskedAudit? Audit { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        OutputFile.RequireWritable("--out", Out);
        if (Audit is not null)
        {
            OutputFile.RequireWritable("--audit-out", Audit.Page);
        }

        var policy = PolicyCatalog.Parse(PolicyText());
        var options = Drawing.EngineOptions;
        var clock = Stopwatch.StartNew();
        using var backend = ComputeOptions.Backend(Drawing.Device, Drawing.Threads);
        using var model = Drawing.Load(backend);
        var loadTime = clock.Elapsed;
        GenerationRequest[] requests = [.. Drawing.Requests(model).Select(r => r with { Cache = policy, AuditShare = Audit?.Share ?? 0 })];
        var scale = Drawing.Enlargement(model);

        backend.ResetPeak();
        IReadOnlyList<GenerationResult> results = [];
        var progress = new StepProgress(Json ? TextWriter.Null : Error, requests.Sum(r => (long)r.Steps));
        await progress.RunAsync(async () => results = await EngineRun.DrawAsync(model, options, requests, progress.Advance, cancellationToken));
        if (results.Count == 0)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        var parameters = Drawing.Describe(model, [.. results.Select(r => r.Request)], policy.Name);
        var files = Write(results, parameters, scale);
        Report(results, parameters, files, loadTime, clock.Elapsed, backend);
        if (results.Count == requests.Length)
        {
            return 0;
        }

        await Error.WriteLineAsync($"augur: stopped; the {results.Count} of {requests.Length} pictures that were finished are in {Out}.");
        return CommandRunner.Cancelled;
    }

    private string PolicyText()
    {
        const string Default = "high";
        if (Policy is not null)
        {
            return Quality is null ? Policy : throw CommandException.WrongUse("--policy and --quality both name a method; give one.");
        }

        var isCalibrated = Drawing is { Steps: null, Sampler: null, Guidance: null };
        return ModelCatalog.FindProfile(Drawing.Model, Quality ?? Default) is { } profile && (Quality is not null || isCalibrated) ? $"@{profile}"
            : Quality is null ? PolicyCatalog.All[0].Name
            : throw CommandException.WrongUse($"{Drawing.Model ?? "the built-in model"} has no profile for \"{Quality}\"; augur tune --quality {Quality} makes one, for --policy @PATH.");
    }

    private List<string> Write(IReadOnlyList<GenerationResult> results, GenerationParameters parameters, int scale)
    {
        var columns = (int)Math.Ceiling(Math.Sqrt(results.Count));
        var grid = ImageGrid.Compose([.. results.Select(r => r.Image)], columns, new ImageGridOptions { Enlargement = scale });
        grid.SavePng(Out, parameters.AsText());
        var files = new List<string>();
        for (var i = 0; Each && i < results.Count; i++)
        {
            var path = Path.Combine(Path.GetDirectoryName(Out) ?? "", string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(Out)}-{i:000}.png"));
            var alone = parameters with { Pictures = [parameters.Pictures[i]] };
            results[i].Image.Enlarge(scale).SavePng(path, alone.AsText());
            files.Add(path);
        }

        return files;
    }

    private void Report(
        IReadOnlyList<GenerationResult> results, GenerationParameters parameters, List<string> files, TimeSpan loadTime, TimeSpan total, IBackend backend)
    {
        GenerationReport[] reports = [.. results.Select(r => r.Report)];
        var summary = new RunSummary(reports);
        var audit = AuditSummary.Of(reports);
        total -= audit?.Time ?? TimeSpan.Zero; // the audit is no part of the run
        if (audit is not null)
        {
            AtomicFile.WriteText(Audit!.Page, page => AuditPage.Write(page, parameters, [(parameters.Policy, audit)]));
        }

        var cost = summary.Cost;
        var report = new GenerationOutput
        {
            Grid = Out,
            Files = files,
            Parameters = parameters,
            NetworkCalls = summary.Calls,
            TotalFlops = cost.TotalFlops,
            LoadSeconds = loadTime.TotalSeconds,
            NetworkSeconds = (cost.ComputeTime + cost.ForecastTime + cost.VerifyTime).TotalSeconds,
            DecodeSeconds = cost.DecodeTime.TotalSeconds,
            TotalSeconds = total.TotalSeconds,
            ImagesPerSecond = results.Count / Math.Max(1e-9, (total - loadTime).TotalSeconds),
            PeakTensorBytes = backend.PeakBytesInUse,
            Backend = backend.Name,
            Caching = CachingOutput.Of(summary),
            Audit = AuditOutput.Of(audit),
            Samples = [.. reports.Select(SampleOutput.Of)],
        };
        if (Json)
        {
            Output.WriteLine(JsonSerializer.Serialize(report, CliJson.Indented.GenerationOutput));
            return;
        }

        Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Out}: {results.Count} {(results.Count == 1 ? "picture" : "pictures")} in {report.TotalSeconds:0.0} s ({report.NetworkCalls} network calls, {report.TotalFlops / 1e12:0.00} TFLOP, {report.TotalFlops / 1e9 / Math.Max(1e-9, report.NetworkSeconds):0} GFLOP/s, peak {report.PeakTensorBytes / 1048576.0:0} MiB; {report.Backend})"));
        if (parameters.Policy != PolicyCatalog.All[0].Name)
        {
            Terminal.WriteText(Output, CachingText.Of(parameters.Policy, summary));
            StripChart.Write(Output, [.. reports.Select(r => r.Marks)]);
        }

        if (audit is not null)
        {
            Terminal.WriteText(Output, $"{AuditText.Of(parameters.Policy, audit)}\n{Audit!.Page}: the audit's plots.");
        }

        foreach (var note in summary.Notes)
        {
            Terminal.WriteText(Output, $"Note: {note}.");
        }
    }
}
