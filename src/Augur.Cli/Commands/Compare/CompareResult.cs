using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Compare;

/// <summary>What one entry of a comparison drew, cost and lost against the uncached run.</summary>
internal sealed class CompareResult(
    string name, IReadOnlyList<GenerationResult> results, IReadOnlyList<GenerationResult> reference, double seconds, double referenceSeconds)
{
    private readonly long _referenceFlops = reference.Sum(r => r.Report.Cost.TotalFlops);

    public string Name => name;

    public IReadOnlyList<GenerationResult> Results => results;

    /// <summary>Of each picture, to the uncached run's of the same seed.</summary>
    public IReadOnlyList<PictureDifference> Differences { get; } = [.. results.Zip(reference, PictureDifference.Between)];

    /// <summary>What the audit found; null where there was none.</summary>
    public AuditSummary? Audit { get; } = AuditSummary.Of([.. results.Select(r => r.Report)]);

    /// <summary>What is wrong with each picture, in words; null: nothing was found.</summary>
    public IReadOnlyList<string?> Breakages { get; } = [.. results.Select(result => BreakageText.Of(BrokenImage.Find(result)))];

    /// <summary>What a reader should know, each once.</summary>
    public IReadOnlyList<string> Notes => BreakageText.Note(Breakages) is { } broken ? [.. Summary.Notes, broken] : [.. Summary.Notes];

    public RunSummary Summary { get; } = new([.. results.Select(r => r.Report)]);

    /// <summary>Wall time of one run over all pictures, from the first request to the last picture; the median of the rounds.</summary>
    public double Seconds => seconds;

    public double TimeSpeedup => referenceSeconds / Math.Max(1e-9, seconds);

    /// <summary>Against the uncached run that was made, also for entries with other steps.</summary>
    public double FlopsSpeedup => _referenceFlops / (double)Math.Max(1, Summary.Cost.TotalFlops);

    public double ImagesPerSecond => results.Count / Math.Max(1e-9, seconds);

    public double MeanPsnr => Differences.Average(d => d.CappedPsnr);

    public double MeanSsim => Differences.Average(d => d.Ssim);

    public int LargestError => Differences.Max(d => d.LargestError);

    public double MeanLatentError => Differences.Average(d => d.LatentError);

    public double PerPicture(int count) => (double)count / results.Count;
}
