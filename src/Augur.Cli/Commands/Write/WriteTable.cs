using System.Globalization;
using Augur.Tuning;

namespace Augur.Cli.Commands.Write;

/// <summary>The columns of a comparison of ways to write.</summary>
internal static class WriteTable
{
    /// <summary>What the columns mean.</summary>
    public const string Explanation =
        "Calls are means per text. FLOPs and time say how many times less than the first row, tokens/s is of this machine, one text after the other. "
        + "same is the share of tokens that are the first row's, place by place; perplexity is of the texts under the model itself, by the bound of "
        + "masked diffusion with 32 masks each, the same for all rows; cache is the most that one text's features took.";

    public static TextTable Of(IReadOnlyList<TextRow> rows) => new(
        ["way", "calls", "FLOPs", "time", "tokens/s", "same", "perplexity", "cache MiB"],
        [.. rows.Select(row => new[]
        {
            row.Name,
            Text($"{row.Calls:0.0}"),
            Text($"{rows[0].Flops / (double)row.Flops:0.00}x"),
            Text($"{rows[0].Seconds / row.Seconds:0.00}x"),
            Text($"{row.TokensPerSecond:0.0}"),
            Text($"{100 * row.Agreement:0.0}%"),
            Text($"{row.Perplexity:0.00}"),
            Text($"{row.PeakCacheBytes / 1048576.0:0.0}"),
        })]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
