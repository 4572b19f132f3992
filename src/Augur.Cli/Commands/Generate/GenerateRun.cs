using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Cli.Commands.Audit;
using Augur.Cli.Commands.Options;
using Augur.Metrics;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Files;

namespace Augur.Cli.Commands.Generate;

/// <summary>One <c>augur generate</c>: checks what was asked, draws, writes the grid and the report.</summary>
internal sealed record GenerateRun
{
    public required Drawing Drawing { get; init; }

    public required string Out { get; init; }

    public required bool Each { get; init; }

    /// <summary>Null: no audit.</summary>
    public required AskedAudit? Audit { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Loads what draws; by default the model that the drawing names.</summary>
    public Func<IBackend, DiffusionModel>? Load { get; init; }

    // Where the picture goes to standard output, nothing else does.
    private TextWriter Report => OutputFile.IsStandardOutput(Out) ? Error : Output;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Drawing.Description.Require(); // what is wrong with it is said before anything is loaded
        RequireSense();
        var options = Drawing.EngineOptions;
        var clock = Stopwatch.StartNew();
        using var backend = Drawing.Compute.Open();
        using var model = (Load ?? Drawing.Load)(backend);
        var loadTime = clock.Elapsed;
        GenerationRequest[] requests = [.. Drawing.Requests(model).Select(r => r with { AuditShare = Audit?.Share ?? 0 })];
        var method = model.Choose(requests[0]);
        var cell = model.Decoder.PixelsPerCell;
        var latent = requests[0].LatentShape ?? model.Denoiser.LatentShape;
        var (height, width) = (latent[^2] * cell, latent[^1] * cell);
        var files = new PictureFiles(Out, Each, requests.Length, width, height, Drawing.Enlargement(model));
        var hasSheet = files.RequireSheet(Error);
        OutputFile.RequireWritable(files.All.Concat(AuditPages));

        backend.ResetPeak();
        Drawn drawn = new([], []);
        // While pictures are drawn: large files take seconds.
        var origin = Task.Run(() => PictureOrigin.Of(Drawing, method.Profile is { } file ? $"@{file}" : method.Policy.Name), CancellationToken.None);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, requests.Sum(r => (long)r.TakenSteps));
        await progress.RunAsync(async () =>
        {
            await progress.EncodeAsync(model, requests);
            drawn = await EngineRun.DrawAsync(model, options, requests, progress.Advance, cancellationToken);
        });
        var results = drawn.Finished;
        var problems = drawn.Problems.OfType<Exception>().ToList();
        if (results.Count == 0)
        {
            throw problems.FirstOrDefault() ?? new OperationCanceledException(cancellationToken);
        }

        var parameters = Drawing.Describe(model, [.. results.Select(r => r.Request)], method.Policy.Name) with
        {
            Origin = await origin,
            Size = [width * files.Enlargement, height * files.Enlargement],
        };
        var written = files.Write(drawn.Results, parameters, hasSheet, Error);
        Tell(results, parameters, method, hasSheet ? Out : null, written, loadTime, clock.Elapsed, backend);
        if (!Json)
        {
            Say("Model: ", Drawing.PromptOfTextModel is { } prompt
                ? $"the built-in one for texts, because \"{Printable.Line(prompt)}\" names no class of the other" : null);
            Say($"Method: {method.Policy.Name}; ", method.Reason);
            Say("Note: ", method.Note);
            foreach (var remark in model.Remarks)
            {
                Say("Note: ", remark);
            }

            Say("", StepsText.Of(requests[0]));
            Say("Note: ", model.TakesPrompts ? Drawing.Description.NoteOnPrompts() : null);
            foreach (var note in Drawing.Description.NotesOnPictures())
            {
                Say("Note: ", note);
            }
        }

        foreach (var (index, problem) in drawn.Problems.Index().Where(p => p.Item is not null))
        {
            await Error.WriteLineAsync(Printable.Line($"augur: picture {index} failed: {problem!.Message}"));
        }

        if (results.Count + problems.Count == requests.Length)
        {
            return problems.Count == 0 ? 0 : 1;
        }

        var place = Printable.Line(hasSheet ? Out : Path.GetDirectoryName(Path.GetFullPath(Out))!);
        await Error.WriteLineAsync($"augur: stopped; the {results.Count} of {requests.Length} pictures that were finished are in {place}.");
        return CommandRunner.Cancelled;
    }

    private (string Option, string Path)[] AuditPages => Audit is null ? [] : [("--audit-out", Audit.Page)];

    private void RequireSense()
    {
        OutputFile.RequirePng("--out", Out);
        OutputFile.RequireWritable([("--out", Out), .. AuditPages]);
        foreach (var (option, path) in (IEnumerable<(string, string)>)[("--out", Out), .. AuditPages])
        {
            OutputFile.RequireApart(option, path, Drawing.Inputs());
        }
    }

    private void Say(string before, string? sentence)
    {
        if (sentence is not null)
        {
            Terminal.WriteText(Report, $"{before}{sentence}.");
        }
    }

    private void Tell(
        IReadOnlyList<GenerationResult> results, GenerationParameters parameters, PolicyChoice method,
        string? sheet, IReadOnlyList<string> files, TimeSpan loadTime, TimeSpan total, IBackend backend)
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
            Grid = sheet,
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
            Method = new MethodOutput(method.Policy.Name, method.Reason, method.Note),
            Caching = CachingOutput.Of(summary),
            Audit = AuditOutput.Of(audit),
            Samples = [.. reports.Select(SampleOutput.Of)],
        };
        if (Json)
        {
            Report.WriteLine(JsonSerializer.Serialize(report, CliJson.Indented.GenerationOutput));
            return;
        }

        var (count, place) = (results.Count == 1 ? "one picture" : $"{results.Count} pictures", Printable.Line(sheet ?? files[0] + " …"));
        var rate = report.TotalFlops / 1e9 / Math.Max(1e-9, report.NetworkSeconds);
        Terminal.WriteText(Report, string.Create(CultureInfo.InvariantCulture, $"{place}: {count} in {report.TotalSeconds:0.0} s ") + string.Create(
            CultureInfo.InvariantCulture,
            $"({report.NetworkCalls} network calls, {report.TotalFlops / 1e12:0.00} TFLOP, {rate:0} GFLOP/s, peak "
                + $"{report.PeakTensorBytes / 1048576.0:0} MiB; {report.Backend})"));
        if (parameters.Policy != PolicyCatalog.All[0].Name)
        {
            Terminal.WriteText(Report, CachingText.Of(parameters.Policy, summary));
            StripChart.Write(Report, [.. reports.Select(r => r.Marks)]);
        }

        if (audit is not null)
        {
            Terminal.WriteText(Report, $"{AuditText.Of(parameters.Policy, audit)}\n{Audit!.Page}: the audit's plots.");
        }

        foreach (var note in summary.Notes)
        {
            Terminal.WriteText(Report, $"Note: {note}.");
        }
    }
}
