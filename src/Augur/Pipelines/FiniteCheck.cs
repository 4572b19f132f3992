using System.Globalization;
using Augur.Decoding;

namespace Augur.Pipelines;

/// <summary>A run went through and its result holds NaN or infinity: a picture of it would be black or partly so, and say nothing of why.</summary>
/// <param name="message">Names what is not finite.</param>
/// <param name="result">The result as it is, for those who count what is broken.</param>
public sealed class NotFiniteException(string message, GenerationResult result) : Exception(message)
{
    /// <summary>The result as it is; where values are not finite, its picture shows black, or a limit of the scale.</summary>
    public GenerationResult Result => result;
}

/// <summary>Looks at finished results, so that nothing broken passes for a picture, a video or a text.</summary>
internal static class FiniteCheck
{
    /// <summary>What is wrong with a result; null: nothing.</summary>
    public static NotFiniteException? ProblemOf(GenerationResult result)
    {
        IReadOnlyList<RgbImage> images = result.Output switch
        {
            Picture only => [only.Image],
            FrameSequence video => video.Frames,
            _ => [],
        };
        var (latent, picture) = (result.Latent.Count(v => !float.IsFinite(v)), images.Sum(i => i.NotFiniteCount));
        if (latent == 0 && picture == 0)
        {
            return null;
        }

        var report = result.Report;
        var (count, all, what) = latent > 0 ? (latent, result.Latent.Length, "final latent")
            : (picture, images.Sum(i => i.Rgb.Length), "decoded picture, though not of its latent");
        var cause = latent == 0 ? "the decoder's weights are damaged or overflow"
            : report.NotFiniteSince is { Call: < 0 } ? "the noise or the picture that it began with was not finite"
            : report.Policy == "none" ? "the weights are damaged or overflow"
            : "the method's forecasts have diverged, or the weights are damaged";
        var origin = string.Create(CultureInfo.InvariantCulture, $"{Since(report, latent > 0)} ({report.Policy}, seed {result.Request.Seed})");
        return new NotFiniteException(
            string.Create(CultureInfo.InvariantCulture, $"{count} of {all} values of the {what} are NaN or infinite {origin}: {cause}."), result);
    }

    private static string Since(GenerationReport report, bool isLatent) => (isLatent ? report.NotFiniteSince : null) switch
    {
        { Call: < 0 } => "before the first network call",
        var (call, step) => string.Create(CultureInfo.InvariantCulture, $"since step {step + 1} of {report.Steps}, network call {call + 1} of ")
            + string.Create(CultureInfo.InvariantCulture, $"{report.Calls.Count}, {CallMark.Of(report.Calls[call]).Word}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"after {report.Calls.Count} network calls"),
    };
}
