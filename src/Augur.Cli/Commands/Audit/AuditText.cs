using System.Globalization;
using Augur.Metrics;

namespace Augur.Cli.Commands.Audit;

/// <summary>What an audit found, in sentences.</summary>
internal static class AuditText
{
    /// <summary>A true error above this, a tenth of the output, is called large.</summary>
    public const double Limit = 0.1;

    public static string Of(string policy, AuditSummary audit)
    {
        if (audit.Points.Count == 0)
        {
            return $"Audit of {policy}: no call was drafted that the audit looked at.";
        }

        List<string> lines =
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"Audit of {policy}: {audit.Points.Count} of {audit.Calls} calls had an answer that was not computed in full, rejected drafts "
                + $"among them; computing it on the side took {audit.Time.TotalSeconds:0.0} s and {audit.Flops / 1e12:0.00} TFLOP, which no other "
                + $"figure counts."),
            $"Median true error: {string.Join(", ", audit.MedianTrueErrors.Select(m => Invariant($"{m.Mark.Word} {m.Median:G3}")))}."
                + (audit.NotFinite > 0 ? $" Of {audit.NotFinite} calls it is not a number." : ""),
        ];
        lines.AddRange(Verification(audit));
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Verification(AuditSummary audit)
    {
        if (audit.MedianRatio is not { } ratio)
        {
            yield return "No draft was verified.";
            yield break;
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Verified against true error, {audit.Comparable} verified drafts: Spearman {Number(audit.Spearman)}, Pearson of logarithms "
                + $"{Number(audit.Pearson)}, among samples at the same call {Number(audit.PearsonWithinCalls)}; the true error is {ratio:G3} times "
                + $"the verified one (median).");
        if (audit.AcceptedAboveThreshold is { } above)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Of the accepted drafts {above:0.0%} have a true error above the error that was allowed, "
                + $"{audit.AcceptedAbove(Limit):0.0%} above {Limit}.");
        }
    }

    private static string Number(double? value) => value is { } known ? Invariant($"{known:0.00}") : "unknown";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
