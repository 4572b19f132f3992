using System.Globalization;
using static System.FormattableString;

namespace Augur.Cli.Commands.Compare;

/// <summary>The columns of a comparison.</summary>
internal sealed class CompareTable(IReadOnlyList<CompareResult> results)
{
    private static readonly (string Title, Func<CompareResult, FormattableString> Cell)[] s_columns =
    [
        ("policy", r => $"{r.Name}"),
        ("computed", r => $"{r.PerPicture(r.Summary.Computed):0.0}"),
        ("kept", r => $"{r.PerPicture(r.Summary.Kept):0.0}"),
        ("rejected", r => $"{r.PerPicture(r.Summary.Rejected):0.0}"),
        ("FLOPs", r => $"{r.FlopsSpeedup:0.00}x"),
        ("time", r => $"{(r.TimeSpeedup is { } speedup ? Invariant($"{speedup:0.00}x") : "-")}"),
        ("verify", r => $"{100 * r.Summary.VerificationShare:0.0}%"),
        ("cache MiB", r => $"{r.Summary.PeakCacheBytes / 1048576.0:0.0}"),
        ("PSNR dB", r => $"{r.MeanPsnr:0.0}"),
        ("worst dB", r => $"{r.WorstPsnr:0.0}"),
        ("SSIM", r => $"{r.MeanSsim:0.0000}"),
        ("max", r => $"{r.LargestError}"),
        ("latent", r => $"{r.MeanLatentError:0.0000}"),
        ("images/s", r => $"{r.ImagesPerSecond:0.00}"),
    ];

    /// <summary>What the columns mean.</summary>
    public const string Explanation =
        "Calls are means per picture: computed in full, or drafted and kept; rejected drafts are among the computed. FLOPs and time say how many "
        + "times less than the first row; time is the median of the rounds, all pictures together, and stands only where there were at least two. "
        + "verify is the share of executed FLOPs, cache the most one picture's features took. PSNR, SSIM (luma) and latent error (relative) are "
            + "means "
        + "over the pictures against the first row's, worst is the PSNR of the picture that lost most, max the largest difference of 255 levels; "
        + "identical pictures count as 100 dB.";

    /// <summary>One row per entry.</summary>
    public TextTable Text { get; } = new([.. s_columns.Select(c => c.Title)],
        [.. results.Select(r => s_columns.Select(c => c.Cell(r).ToString(CultureInfo.InvariantCulture)).ToArray())]);
}
