using Augur.Cli.Commands.Audit;
using Augur.Cli.Commands.Generate;
using Augur.Metrics;

namespace Augur.Cli.Commands.Compare;

/// <summary>What <c>augur compare --json</c> prints. The first entry is the uncached run that the others are held against.</summary>
internal sealed record CompareOutput(string Grid, string? Page, GenerationParameters Parameters, int Rounds, string Machine,
    IReadOnlyList<CompareEntryOutput> Entries)
{
    public static CompareOutput Of(
        IReadOnlyList<CompareResult> results, GenerationParameters parameters, string grid, string? page, int rounds, string machine) =>
        new(grid, page, parameters, rounds, machine, [.. results.Select(CompareEntryOutput.Of)]);
}

/// <summary>
/// One policy: means over the pictures, of which <c>broken</c> show nothing; PSNR, mean and worst, in dB with identical pictures as 100;
/// <c>timeSpeedup</c> is null after one round; maximum error in levels of 255, cache in bytes per picture.
/// </summary>
internal sealed record CompareEntryOutput(
    string Policy, double CallsComputed, double CallsKept, double CallsRejected, double FlopsSpeedup, double? TimeSpeedup, double VerificationShare,
        long PeakCacheBytes,
    int Broken, double Psnr, double WorstPsnr, double Ssim, int MaxError, double LatentError, double ImagesPerSecond, double Seconds,
        CachingOutput Caching, AuditOutput? Audit,
    IReadOnlyList<PictureDifference> Differences, IReadOnlyList<SampleOutput> Samples)
{
    public static CompareEntryOutput Of(CompareResult r) => new(
        r.Name,
        r.PerPicture(r.Summary.Computed),
        r.PerPicture(r.Summary.Kept),
        r.PerPicture(r.Summary.Rejected),
        r.FlopsSpeedup,
        r.TimeSpeedup,
        r.Summary.VerificationShare,
        r.Summary.PeakCacheBytes,
        r.Breakages.Count(found => found is not null),
        r.MeanPsnr,
        r.WorstPsnr,
        r.MeanSsim,
        r.LargestError,
        r.MeanLatentError,
        r.ImagesPerSecond,
        r.Seconds,
        CachingOutput.Of(r.Summary),
        AuditOutput.Of(r.Audit),
        r.Differences,
        [.. r.Results.Select(result => SampleOutput.Of(result.Report))]);
}
