using Augur.Cli.Commands.Compare;
using Augur.Decoding;
using Augur.Metrics;

namespace Augur.Cli.Commands.Bench;

/// <summary>What one contender drew, cost and lost against the uncached run.</summary>
internal sealed class BenchRow
{
    private readonly BenchFolder _folder;
    private readonly BenchRow? _reference;
    private readonly double _seconds;
    private readonly BenchFeatures? _features;
    private readonly Dictionary<BenchMetric, MetricValue> _values = [];

    /// <summary>Adds up a contender's chunks.</summary>
    /// <param name="folder">Has the pictures.</param>
    /// <param name="chunks">At least one.</param>
    /// <param name="reference">The uncached run; null: this is it.</param>
    /// <param name="timeSpeedup">See <see cref="BenchClock"/>.</param>
    /// <param name="features">Describes pictures, where descriptions are wanted.</param>
    public BenchRow(BenchFolder folder, IReadOnlyList<BenchChunk> chunks, BenchRow? reference, double timeSpeedup, BenchFeatures? features)
    {
        (_folder, _reference, Policy, TimeSpeedup, _features) = (folder, reference, chunks[0].Policy, timeSpeedup, features);
        Pictures = [.. chunks.OrderBy(c => c.Index).SelectMany(c => c.Pictures)];
        _seconds = chunks.Sum(c => c.Seconds);
        Loads = [.. chunks.Select(c => c.Load).OfType<double>()];
        var drawn = Pictures.Select(p => p.Index).ToHashSet();
        FlopsSpeedup = (reference ?? this).Pictures.Where(p => drawn.Contains(p.Index))
            .Sum(p => p.ExecutedFlops) / (double)Math.Max(1, Pictures.Sum(p => p.ExecutedFlops));
    }

    public string Policy { get; }

    /// <summary>In order.</summary>
    public IReadOnlyList<BenchPicture> Pictures { get; }

    public bool IsReference => _reference is null;

    /// <summary>The uncached run; itself, where this is it.</summary>
    public BenchRow Reference => _reference ?? this;

    /// <summary>Its pictures as feature networks see them.</summary>
    public BenchDescription Description => field ??= (_features ?? throw new InvalidOperationException("These rows were read without "
        + "features.")).Describe(this);

    /// <summary>Against the uncached run that was made, also for rows with other steps.</summary>
    public double FlopsSpeedup { get; }

    public double TimeSpeedup { get; }

    public double SecondsPerPicture => _seconds / Pictures.Count;

    public long PeakCacheBytes => Pictures.Max(p => p.PeakCacheBytes);

    /// <summary>Of the picture that lost most against the uncached one, in dB, at most 100.</summary>
    public double WorstPsnr => Pictures.Min(p => Math.Min(p.Psnr, PictureDifference.PsnrCap));

    /// <summary>Load averages behind its chunks.</summary>
    public IReadOnlyList<double> Loads { get; }

    /// <summary>A metric's value, measured once; NaN where there is none.</summary>
    public MetricValue ValueOf(BenchMetric metric)
    {
        if (!_values.TryGetValue(metric, out var value))
        {
            _values[metric] = value = metric.Measure(this);
        }

        return value;
    }

    /// <summary>What a reader should know, each once.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            string[] notes = [.. Pictures.Select(p => p.Note).OfType<string>().Distinct()];
            return BreakageText.Note([.. Pictures.Select(p => p.Breakage)]) is { } broken ? [.. notes, broken] : notes;
        }
    }

    /// <summary>Mean number of calls per picture that ended in one of some ways.</summary>
    public double CallsPerPicture(string letters) => Pictures.Average(p => p.Calls.Count(letters.Contains));

    public RgbImage Image(int index) => RgbImage.LoadPng(_folder.Picture(Policy, index));

    public RgbImage ReferenceImage(int index) => Reference.Image(index);
}
