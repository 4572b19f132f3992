using System.Globalization;
using Augur.Metrics;

namespace Augur.Tuning;

/// <summary>What a search for settings aims at: speed with the best quality, or quality at the best speed.</summary>
public sealed record TuningTarget
{
    /// <summary>A speedup counts as reached from this share below it: forecasts cost a little, and 10 of 50 calls are meant to be 5 times.</summary>
    public const double SpeedTolerance = 0.005;

    private TuningTarget()
    {
    }

    /// <summary>Least ratio of uncached to executed FLOPs, met within <see cref="SpeedTolerance"/>; null: as much as the quality allows.</summary>
    public double? Speedup { get; private init; }

    /// <summary>Least mean PSNR in decibels; null: as much as the speed allows.</summary>
    public double? Psnr { get; private init; }

    /// <summary>A picture below this many decibels is a miss; null: none is.</summary>
    public double? Floor { get; private init; }

    /// <summary>Share of misses that is allowed, 0 to 1.</summary>
    public double FloorShare { get; private init; }

    /// <summary>At least this many times fewer FLOPs, above 1 and at most 100.</summary>
    /// <exception cref="ArgumentException">It lies outside.</exception>
    public static TuningTarget Faster(double speedup) => speedup is > 1 and <= 100 ? new() { Speedup = speedup }
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"A speedup of {speedup} is no target; it lies above 1 and at most at 100."));

    /// <summary>At least this mean PSNR, above 10 and at most 90 dB.</summary>
    /// <exception cref="ArgumentException">It lies outside.</exception>
    public static TuningTarget AtLeast(double psnr) => psnr is > 10 and <= 90 ? new() { Psnr = psnr }
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"A quality of {psnr} dB is no target; it lies above 10 and at most at 90."));

    /// <summary>What a word promises: a mean, and a share of pictures that may miss a floor.</summary>
    public static TuningTarget Of(QualityWord word) => AtLeast(word.Psnr) with { Floor = word.Floor, FloorShare = word.Share };

    /// <summary>A quality as text: <c>32dB</c>, <c>32</c>, or one of <see cref="QualityWord.All"/>.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static TuningTarget ParseQuality(string text)
    {
        if (QualityWord.All.FirstOrDefault(w => w.Word == text) is { } word)
        {
            return Of(word);
        }

        var number = text.EndsWith("dB", StringComparison.OrdinalIgnoreCase) ? text[..^2].TrimEnd() : text;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var psnr) ? AtLeast(psnr)
            : throw new ArgumentException(
                $"\"{text}\" is no quality; it is decibels as in 32dB, or {string.Join(", ", QualityWord.All.Select(w => w.Word))}.");
    }

    /// <summary>Whether a ratio of FLOPs is fast enough.</summary>
    public bool AllowsSpeed(double flopsSpeedup) => Speedup is not { } least || flopsSpeedup >= least * (1 - SpeedTolerance);

    /// <summary>By how many decibels too many pictures miss the floor; 0 or below: no more than may.</summary>
    /// <param name="psnr">Of each picture.</param>
    public double FloorShortfall(IReadOnlyList<double> psnr) =>
        Floor is not { } floor ? double.NegativeInfinity
            : floor - psnr.Order().ElementAt(Math.Min(psnr.Count - 1, (int)((FloorShare * psnr.Count) + 1e-9)));

    /// <summary>Whether what was measured on pictures of their own meets the target: a speed by its FLOPs, a quality by the lower end of the interval
    /// and by the floor.</summary>
    /// <param name="measured">On held-out pictures.</param>
    /// <param name="psnr">Interval of their mean PSNR.</param>
    public bool IsMet(Trial measured, BootstrapInterval psnr) =>
        measured.FlopsSpeedup > 1 && AllowsSpeed(measured.FlopsSpeedup) && (Psnr is not { } least || psnr.Lower >= least)
            && FloorShortfall(measured.Psnr) <= 0;

    /// <summary>Whether what was measured so far, on the pictures that a search chooses by, looks as if it met the target.</summary>
    internal bool SeemsMet(Trial measured) =>
        measured.FlopsSpeedup > 1 && AllowsSpeed(measured.FlopsSpeedup) && (Psnr is not { } least || measured.MeanPsnr >= least)
            && FloorShortfall(measured.Psnr) <= 0;

    /// <inheritdoc/>
    public override string ToString() => Speedup is { } times ? string.Create(CultureInfo.InvariantCulture, $"{times}x fewer FLOPs")
        : Floor is { } floor ? string.Create(CultureInfo.InvariantCulture, $"{Psnr} dB, at most {FloorShare:0.##%} of the pictures below {floor} dB")
        : string.Create(CultureInfo.InvariantCulture, $"{Psnr} dB");
}
