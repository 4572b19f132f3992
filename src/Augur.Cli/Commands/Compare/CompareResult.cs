using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Compare;

/// <summary>What one entry of a comparison drew, cost and lost against the uncached run.</summary>
/// <param name="name">Of the entry.</param>
/// <param name="results">What it drew.</param>
/// <param name="reference">What the uncached run drew.</param>
/// <param name="seconds">Of the entry, in every round that it finished; at least one.</param>
/// <param name="referenceSeconds">Of the uncached run.</param>
internal sealed class CompareResult(
    string name,
    IReadOnlyList<GenerationResult> results,
    IReadOnlyList<GenerationResult> reference,
    IReadOnlyList<double> seconds,
    IReadOnlyList<double> referenceSeconds)
{
    /// <summary>Rounds without which there is no ratio of times.</summary>
    public const int LeastRounds = 2;

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
    public double Seconds { get; } = Median.Of(seconds);

    /// <summary>How many times less time than the uncached run; null: one of them was timed only once, which says too little for a ratio.</summary>
    public double? TimeSpeedup => Math.Min(seconds.Count, referenceSeconds.Count) < LeastRounds ? null
        : Median.Of(referenceSeconds) / Math.Max(1e-9, Seconds);

    /// <summary>Against the uncached run that was made, also for entries with other steps.</summary>
    public double FlopsSpeedup => _referenceFlops / (double)Math.Max(1, Summary.Cost.TotalFlops);

    public double ImagesPerSecond => results.Count / Math.Max(1e-9, Seconds);

    public double MeanPsnr => Differences.Average(d => d.CappedPsnr);

    /// <summary>Of the picture that lost most.</summary>
    public double WorstPsnr => Differences.Min(d => d.CappedPsnr);

    public double MeanSsim => Differences.Average(d => d.Ssim);

    public int LargestError => Differences.Max(d => d.LargestError);

    public double MeanLatentError => Differences.Average(d => d.LatentError);

    public double PerPicture(int count) => (double)count / results.Count;
}
