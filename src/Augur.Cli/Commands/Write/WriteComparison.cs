using System.Text.Json;
using Augur.Pipelines;
using Augur.Tuning;

namespace Augur.Cli.Commands.Write;

/// <summary>Holds ways to write against each other, and tells of those that are whole when it is stopped.</summary>
/// <param name="error">Progress and explanations.</param>
/// <param name="table">Where a table goes; null: rows are told as JSON.</param>
internal sealed class WriteComparison(TextWriter error, TextWriter? table)
{
    /// <summary>Writes all texts each way.</summary>
    /// <param name="model">Writes.</param>
    /// <param name="requests">At least one.</param>
    /// <param name="ways">What the others are held against first.</param>
    /// <param name="json">Where JSON goes.</param>
    /// <param name="cancellationToken">Stops at a step boundary.</param>
    /// <returns>The command's exit code.</returns>
    public async Task<int> RunAsync(
        DiffusionModel model, IReadOnlyList<GenerationRequest> requests, IReadOnlyList<TextContender> ways, TextWriter json,
        CancellationToken cancellationToken)
    {
        var total = ways.Count * (long)requests.Count;
        var progress = new StepProgress(table is null ? TextWriter.Null : error, total) { Title = "writing", Unit = "text" };
        var rows = new List<TextRow>();
        try
        {
            await progress.RunAsync(() => new TextTrial(model).RunAsync(requests, ways, progress.Advance, rows.Add, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && rows.Count > 0)
        {
            Tell(rows, json);
            await error.WriteLineAsync($"augur: stopped; {rows.Count} of {ways.Count} rows are whole.");
            return CommandRunner.Cancelled;
        }

        Tell(rows, json);
        return 0;
    }

    private void Tell(IReadOnlyList<TextRow> rows, TextWriter json)
    {
        if (table is null)
        {
            json.WriteLine(JsonSerializer.Serialize(rows, CliJson.Indented.IReadOnlyListTextRow));
            return;
        }

        WriteTable.Of(rows).Write(table);
        Terminal.WriteText(error, WriteTable.Explanation);
    }
}
