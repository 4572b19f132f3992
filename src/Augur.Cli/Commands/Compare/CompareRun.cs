using System.Text.Json;
using Augur.Cli.Commands.Audit;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Options;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Files;
using Augur.Tuning;

namespace Augur.Cli.Commands.Compare;

/// <summary>One <c>augur compare</c>: checks what was asked, runs the policies, writes table, pictures and page.</summary>
internal sealed record CompareRun
{
    public const int MaxRounds = 100;
    private const int MaxColumns = 16;

    public required Drawing Drawing { get; init; }

    public required string Policies { get; init; }

    public required int Rounds { get; init; }

    public required string Out { get; init; }

    public required string? Html { get; init; }

    /// <summary>Null: none.</summary>
    public string? Csv { get; init; }

    /// <summary>Null: no audit.</summary>
    public required AskedAudit? Audit { get; init; }

    public required bool Markdown { get; init; }

    public required bool Json { get; init; }

    public required string CommandLine { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Loads what draws; by default the model that the drawing names.</summary>
    public Func<IBackend, DiffusionModel>? Load { get; init; }

    // Where the picture goes to standard output, nothing else does.
    private TextWriter Report => OutputFile.IsStandardOutput(Out) ? Error : Output;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var entries = Contender.ParseList(Policies);
        RequireSense();
        var options = Drawing.EngineOptions;
        using var backend = Drawing.Compute.Open();
        using var model = (Load ?? Drawing.Load)(backend);
        var requests = Drawing.Requests(model);
        entries = Contender.For(entries, requests[0], ModelIdentity.Of(model, Load is null ? Drawing.Paths.Main : null, Drawing.Loras),
            Error);
        var scale = Drawing.Enlargement(model);
        RequireSheet(model, requests[0], entries.Count, Math.Min(MaxColumns, requests.Count), scale);
        var origin = PictureOrigin.Of(Drawing, policy: null); // before anything is timed

        var race = new CompareTiming(model, options, entries, [.. requests], Rounds, Audit?.Share ?? 0);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, race.TotalSteps);
        IReadOnlyList<CompareResult> results = [];
        await progress.RunAsync(async () =>
        {
            await progress.EncodeAsync(model, requests);
            results = await race.RunAsync(progress, cancellationToken);
        });

        var parameters = Drawing.Describe(model, requests, string.Join("; ", results.Select(e => e.Name))) with { Origin = origin };
        Tell(results, parameters, backend); // first: it cannot fail, files can
        WriteGrid(results, parameters, scale);
        if (Html is not null)
        {
            var page = new ComparePage(results, parameters, CommandLine, Machine.Describe(backend), Rounds, scale);
            AtomicFile.WriteText(Html, page.Write);
        }

        if (Csv is not null)
        {
            AtomicFile.WriteText(Csv, new CompareTable(results).Text.WriteCsv);
        }

        if (Audit is not null)
        {
            AtomicFile.WriteText(Audit.Page, page => AuditPage.Write(page, parameters,
                [.. results.Where(r => r.Audit is not null).Select(r => (r.Name, r.Audit!))]));
        }

        TellFiles(results, parameters);
        if (!race.IsStopped)
        {
            return 0;
        }

        await Error.WriteLineAsync($"augur: stopped; what is shown are the {results.Count} of {entries.Count} policies that had drawn every "
            + $"picture.");
        return CommandRunner.Cancelled;
    }

    private void RequireSense()
    {
        List<(string Option, string Path)> outputs = [("--out", Out)];
        if (Html is not null)
        {
            outputs.Add(("--html", Html));
        }

        if (Csv is not null)
        {
            outputs.Add(("--csv", Csv));
        }

        if (Audit is not null)
        {
            outputs.Add(("--audit-out", Audit.Page));
        }

        OutputFile.RequirePng("--out", Out);
        OutputFile.Require(outputs, Drawing.Inputs());
        if (Json && Markdown)
        {
            throw CommandException.WrongUse("--json and --markdown cannot both be printed.");
        }
    }

    private static void RequireSheet(DiffusionModel model, GenerationRequest request, int rows, int columns, int scale)
    {
        var (cell, latent) = (model.Decoder.PixelsPerCell, request.LatentShape ?? model.Denoiser.LatentShape);
        var (width, height) = ImageGrid.SizeOf(
            rows * columns, columns, latent[^1] * cell, latent[^2] * cell,
                new ImageGridOptions { Enlargement = scale });
        if (width > RgbImage.MaxPixels / height)
        {
            throw CommandException.WrongUse(
                $"a sheet with {rows} rows of {columns} pictures would have {width}x{height} pixels, more than {RgbImage.MaxPixels}; give a smaller "
                    + $"--size or --count.");
        }
    }

    private void WriteGrid(IReadOnlyList<CompareResult> results, GenerationParameters parameters, int scale)
    {
        var columns = Math.Min(MaxColumns, results[0].Results.Count);
        var sheet = ImageGrid.Compose([.. results.SelectMany(r => r.Results.Take(columns)).Select(r => r.Image)], columns,
            new ImageGridOptions { Enlargement = scale });
        SheetLabels.Add(sheet, results.Count)
            .SavePng(Out, parameters.AsText());
    }

    private void Tell(IReadOnlyList<CompareResult> results, GenerationParameters parameters, IBackend backend)
    {
        if (Json)
        {
            Report.WriteLine(JsonSerializer.Serialize(CompareOutput.Of(results, parameters, Out, Html, Rounds, Machine.Describe(backend)),
                CliJson.Indented.CompareOutput));
            return;
        }

        var table = new CompareTable(results).Text;
        if (Markdown)
        {
            table.WriteMarkdown(Report);
        }
        else
        {
            table.Write(Report);
        }

        Terminal.WriteText(Report, CompareTable.Explanation);
        foreach (var (name, note) in results.SelectMany(r => r.Notes.Select(note => (r.Name, note))))
        {
            Terminal.WriteText(Report, $"Note on {name}: {note}.");
        }

        foreach (var result in results.Where(r => r.Audit is not null))
        {
            Terminal.WriteText(Report, AuditText.Of(result.Name, result.Audit!));
        }
    }

    private void TellFiles(IReadOnlyList<CompareResult> results, GenerationParameters parameters)
    {
        if (Json)
        {
            return;
        }

        var shown = Math.Min(MaxColumns, parameters.Pictures.Count);
        var rows = string.Join("; ", results.Select((r, i) => $"{SheetLabels.Of(i)} {r.Name}"));
        var page = Html is null ? "" : $" {Printable.Line(Html)}: the page.";
        var audits = Audit is null ? "" : $" {Printable.Line(Audit.Page)}: the audits' plots.";
        Terminal.WriteText(
            Report, $"{Printable.Line(Out)}: {(shown == 1 ? "one picture" : $"{shown} pictures")} a row, rows from the top: {rows}.{page}{audits}");
    }
}
