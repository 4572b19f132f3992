using System.Globalization;
using Augur.Caching;

namespace Augur.Pipelines;

/// <summary>Says that more calls in a row were forecast than any method was measured for.</summary>
internal static class DraftRuns
{
    /// <summary>
    /// Share of a run's calls that were forecast in a row, without a check, in the boldest measurement that still gave pictures: 9 of 50
    /// (bench/results/family.md). What counts is the share, since features follow the noise level and not the number of calls.
    /// </summary>
    public const double LongestMeasured = 0.2;

    private const int Few = 3; // in short runs every forecast spans a large share

    /// <summary>One sentence without a full stop; null: no such run.</summary>
    /// <param name="calls">Outcomes in order.</param>
    /// <param name="isText">Whether a text was written; how those fall apart was not measured.</param>
    public static string? NoteOn(IReadOnlyList<CallOutcome> calls, bool isText = false)
    {
        var (longest, current) = (0, 0);
        foreach (var call in calls)
        {
            current = call.Kind == CallKind.Drafted ? current + 1 : 0;
            longest = Math.Max(longest, current);
        }

        return longest <= Math.Max(Few, LongestMeasured * calls.Count) ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{longest} of {calls.Count} calls in a row were forecast without a check; "
                + $"no method was measured beyond {LongestMeasured:0 %} of a run{(isText ? "" : ", and pictures fall apart there")}");
    }
}
