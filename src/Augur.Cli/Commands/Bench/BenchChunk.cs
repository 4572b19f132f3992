using Augur.Cli.Commands.Compare;
using Augur.Decoding;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Bench;

/// <summary>
/// A line of the results: pictures that one contender drew together, and the time they took. Calls, FLOPs and differences are per picture.
/// </summary>
internal sealed record BenchChunk
{
    /// <summary>As <see cref="Contender.Name"/>.</summary>
    public required string Policy { get; init; }

    /// <summary>Position among the chunks of the run.</summary>
    public required int Index { get; init; }

    /// <summary>Pictures drawn.</summary>
    public required int Count { get; init; }

    /// <summary>Wall time from the first request to the last picture.</summary>
    public required double Seconds { get; init; }

    /// <summary>The machine's load average behind it; null where the system does not say.</summary>
    public required double? Load { get; init; }

    /// <summary>Which of the program's runs measured it; a machine is held to be the same within one.</summary>
    public required int Session { get; init; }

    /// <summary>Empty where the reference was drawn again for its time alone.</summary>
    public required IReadOnlyList<BenchPicture> Pictures { get; init; }
}

/// <summary>One picture: what it is, what it cost, how far it is from the uncached picture of the same seed.</summary>
internal sealed record BenchPicture
{
    /// <summary>Position among the pictures of the run.</summary>
    public required int Index { get; init; }

    public required int? Class { get; init; }

    public required string? Name { get; init; }

    public required long Seed { get; init; }

    /// <summary>A <see cref="CallMark.Letter"/> per network call.</summary>
    public required string Calls { get; init; }

    public required long ExecutedFlops { get; init; }

    public required long UncachedFlops { get; init; }

    public required long PeakCacheBytes { get; init; }

    public required double Psnr { get; init; }

    public required double Ssim { get; init; }

    public required double MultiScaleSsim { get; init; }

    public required int LargestError { get; init; }

    public required double LatentError { get; init; }

    /// <summary>What <see cref="BrokenImage"/> finds wrong with it, in words; null: nothing.</summary>
    public required string? Breakage { get; init; }

    public required string? Note { get; init; }

    /// <summary>What a result was, held against the uncached picture.</summary>
    public static BenchPicture Of(int index, GenerationResult result, RgbImage reference, float[] referenceLatent, string? className)
    {
        var difference = PictureDifference.Between(result.Image, result.Latent, reference, referenceLatent);
        return new BenchPicture
        {
            Index = index,
            Class = DiffusionModel.ClassOf(result.Request.Condition),
            Name = className,
            Seed = result.Request.Seed,
            Calls = string.Concat(result.Report.Marks.Select(m => m.Letter)),
            ExecutedFlops = result.Report.Cost.TotalFlops,
            UncachedFlops = result.Report.UncachedFlops,
            PeakCacheBytes = result.Report.PeakCacheBytes,
            Psnr = difference.Psnr,
            Ssim = difference.Ssim,
            // as the other figures of what shows nothing
            MultiScaleSsim = difference.Psnr > 0 ? MultiScaleStructuralSimilarity.Of(result.Image, reference) : 0,
            LargestError = difference.LargestError,
            LatentError = difference.LatentError,
            Breakage = BreakageText.Of(BrokenImage.Find(result)),
            Note = result.Report.Note,
        };
    }
}
