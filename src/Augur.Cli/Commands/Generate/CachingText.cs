using System.Globalization;
using Augur.Metrics;
using Augur.Requests;

namespace Augur.Cli.Commands.Generate;

/// <summary>What a caching method did, in sentences.</summary>
internal static class CachingText
{
    public static string Of(string policy, RunSummary summary)
    {
        var cost = summary.Cost;
        double PerPicture(int count) => (double)count / summary.Samples;
        var verdicts = summary.AcceptanceRate is not { } rate ? "none verified"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{PerPicture(summary.Verified):0.0} drafts verified ({rate:0%} accepted, {PerPicture(summary.Rejected):0.0} rejected and computed, "
                + $"{PerPicture(summary.Tolerated):0.0} tolerated)");
        var seconds = summary.EstimatedTimeSpeedup is { } speedup ? Invariant($", time {speedup:0.00}x less (estimated)") : "";
        var forecastShare = cost.ForecastFlops / (double)Math.Max(1, cost.TotalFlops);
        return string.Join('\n',
            string.Create(
                CultureInfo.InvariantCulture,
                $"{policy}: of {PerPicture(summary.Calls):0.#} calls per picture {PerPicture(summary.Computed):0.0} computed and "
                + $"{PerPicture(summary.Kept):0.0} drafted and kept, {verdicts}; kept drafts in runs of {summary.MeanDraftRun:0.0}."),
            string.Create(
                CultureInfo.InvariantCulture,
                $"FLOPs {summary.FlopsSpeedup:0.00}x fewer{seconds}; verification {summary.VerificationShare:0.0%} and forecasts "
                + $"{forecastShare:0.0%} of those executed; kept features at most {ByteSize.Format(summary.PeakCacheBytes)} per picture."),
            string.Create(
                CultureInfo.InvariantCulture,
                $"Seconds: compute {cost.ComputeTime.TotalSeconds:0.00}, forecast {cost.ForecastTime.TotalSeconds:0.00}, "
                + $"verify {cost.VerifyTime.TotalSeconds:0.00}, sampler {cost.SamplerTime.TotalSeconds:0.00}, "
                + $"decode {cost.DecodeTime.TotalSeconds:0.00}."));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
