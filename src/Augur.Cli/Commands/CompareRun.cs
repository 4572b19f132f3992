using System.Text.Json;
using Augur.Decoding;
using Augur.Tensors;

namespace Augur.Cli.Commands;

/// <summary>One <c>augur compare</c>: checks what was asked, runs the policies, writes table, pictures and page.</summary>
internal sealed record CompareRun
{
    private const int MaxRounds = 100;
    private const int MaxColumns = 16;

    public required Drawing Drawing { get; init; }

    public required string Policies { get; init; }

    public required int Rounds { get; init; }

    public required string Out { get; init; }

    public required string? Html { get; init; }

    /// <summary>Null: no audit.</summary>
    public required AskedAudit? Audit { get; init; }

    public required bool Markdown { get; init; }

    public required bool Json { get; init; }

    public required string CommandLine { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var entries = Contender.ParseList(Policies);
        RequireSense();
        var options = Drawing.EngineOptions;
        using var backend = ComputeOptions.Backend(Drawing.Device, Drawing.Threads);
        using var model = Drawing.Load(backend);
        var requests = Drawing.Requests(model);
        var scale = Drawing.Enlargement(model);

        var race = new CompareTiming(model, options, entries, [.. requests], Rounds, Audit?.Share ?? 0);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, race.TotalSteps);
        IReadOnlyList<CompareResult> results = [];
        await progress.RunAsync(async () => results = await race.RunAsync(progress, cancellationToken));

        var parameters = Drawing.Describe(model, requests, string.Join("; ", entries.Select(e => e.Name)));
        WriteGrid(results, parameters, scale);
        if (Html is not null)
        {
            var page = new ComparePage(results, parameters, CommandLine, Machine.Describe(backend), Rounds, scale);
            AtomicFile.WriteText(Html, page.Write);
        }

        if (Audit is not null)
        {
            AtomicFile.WriteText(Audit.Page, page => AuditPage.Write(page, parameters, [.. results.Where(r => r.Audit is not null).Select(r => (r.Name, r.Audit!))]));
        }

        Report(results, parameters, backend);
        return 0;
    }

    private void RequireSense()
    {
        OutputFile.RequireWritable("--out", Out);
        if (Html is not null)
        {
            OutputFile.RequireWritable("--html", Html);
        }

        if (Audit is not null)
        {
            OutputFile.RequireWritable("--audit-out", Audit.Page);
        }

        if (Rounds is < 1 or > MaxRounds)
        {
            throw CommandException.WrongUse($"--rounds can be 1 to {MaxRounds}, not {Rounds}.");
        }

        if (Json && Markdown)
        {
            throw CommandException.WrongUse("--json and --markdown cannot both be printed.");
        }
    }

    private void WriteGrid(IReadOnlyList<CompareResult> results, GenerationParameters parameters, int scale)
    {
        var columns = Math.Min(MaxColumns, results[0].Results.Count);
        ImageGrid.Compose([.. results.SelectMany(r => r.Results.Take(columns)).Select(r => r.Image)], columns, new ImageGridOptions { Enlargement = scale })
            .SavePng(Out, parameters.AsText());
    }

    private void Report(IReadOnlyList<CompareResult> results, GenerationParameters parameters, IBackend backend)
    {
        if (Json)
        {
            Output.WriteLine(JsonSerializer.Serialize(CompareOutput.Of(results, parameters, Out, Html, Rounds, Machine.Describe(backend)), CliJson.Indented.CompareOutput));
            return;
        }

        var table = new CompareTable(results).Text;
        if (Markdown)
        {
            table.WriteMarkdown(Output);
        }
        else
        {
            table.Write(Output);
        }

        Terminal.WriteText(Output, CompareTable.Explanation);
        foreach (var (name, note) in results.SelectMany(r => r.Summary.Notes.Select(note => (r.Name, note))))
        {
            Terminal.WriteText(Output, $"Note on {name}: {note}.");
        }

        foreach (var result in results.Where(r => r.Audit is not null))
        {
            Terminal.WriteText(Output, AuditText.Of(result.Name, result.Audit!));
        }

        var shown = Math.Min(MaxColumns, parameters.Pictures.Count);
        Terminal.WriteText(Output, $"{Out}: {(shown == 1 ? "one picture" : $"{shown} pictures")} a row, rows from the top: {string.Join("; ", results.Select(r => r.Name))}.{(Html is null ? "" : $" {Html}: the page.")}{(Audit is null ? "" : $" {Audit.Page}: the audits' plots.")}");
    }
}
