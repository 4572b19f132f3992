using System.Globalization;
using Augur.Metrics;

namespace Augur.Tuning;

/// <summary>The target of a search: a speed at the best quality, or a quality at the best speed.</summary>
public sealed record TuningTarget
{
    /// <summary>Relative tolerance on the speedup: forecasts cost a little, so that 10 of 50 computed calls are slightly less than 5 times.</summary>
    public const double SpeedTolerance = 0.005;

    private TuningTarget()
    {
    }

    /// <summary>Least ratio of uncached to executed FLOPs, met within <see cref="SpeedTolerance"/>; null: the target is a quality.</summary>
    public double? Speedup { get; private init; }

    /// <summary>Least mean quality, as <see cref="Trial.Quality"/> has it; null: the target is a speed.</summary>
    public double? Mean { get; private init; }

    /// <summary>Unit of the quality: dB of pictures, % of texts.</summary>
    public string Unit { get; private init; } = "dB";

    /// <summary>A picture with a PSNR below this many decibels is a miss; null: no floor.</summary>
    public double? Floor { get; private init; }

    /// <summary>Largest allowed share of misses, 0 to 1.</summary>
    public double FloorShare { get; private init; }

    /// <summary>A speed: at least this many times fewer FLOPs, above 1 and at most 100.</summary>
    /// <exception cref="ArgumentException">The value is out of range.</exception>
    public static TuningTarget Faster(double speedup) => speedup is > 1 and <= 100 ? new() { Speedup = speedup }
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"A speedup of {speedup} is no target; it lies above 1 and at most at 100."));

    /// <summary>A quality: at least this mean PSNR, above 10 and at most 90 dB.</summary>
    /// <exception cref="ArgumentException">The value is out of range.</exception>
    public static TuningTarget AtLeast(double psnr) => psnr is > 10 and <= 90 ? new() { Mean = psnr }
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"A quality of {psnr} dB is no target; it lies above 10 and at most at 90."));

    /// <summary>A quality of texts: at least this share of the tokens is the uncached run's, in percent, above 0 and at most 100.</summary>
    /// <exception cref="ArgumentException">The value is out of range.</exception>
    public static TuningTarget Agreeing(double percent) => percent is > 0 and <= 100 ? new() { Mean = percent, Unit = "%" }
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"An agreement of {percent} % is no target; it lies above 0 and at most at 100."));

    /// <summary>The guarantee of a quality word: a mean PSNR, and a largest share of pictures below a floor.</summary>
    public static TuningTarget Of(QualityWord word) => AtLeast(word.NotNull().Psnr) with { Floor = word.Floor, FloorShare = word.Share };

    /// <summary>Reads a quality: <c>32dB</c>, <c>32</c>, or one of <see cref="QualityWord.All"/>.</summary>
    /// <exception cref="ArgumentException">The text is not a quality.</exception>
    public static TuningTarget ParseQuality(string text)
    {
        if (QualityWord.All.FirstOrDefault(w => w.Word == text) is { } word)
        {
            return Of(word);
        }

        var number = text.NotNull().EndsWith("dB", StringComparison.OrdinalIgnoreCase) ? text[..^2].TrimEnd() : text;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var psnr) ? AtLeast(psnr)
            : throw new ArgumentException(
                $"\"{text}\" is no quality; it is decibels as in 32dB, or {string.Join(", ", QualityWord.All.Select(w => w.Word))}.");
    }

    /// <summary>Whether a ratio of FLOPs is fast enough.</summary>
    public bool AllowsSpeed(double flopsSpeedup) => Speedup is not { } least || flopsSpeedup >= least * (1 - SpeedTolerance);

    /// <summary>Decibels by which the pictures have to improve for few enough to miss the floor; 0 or less if the floor is met.</summary>
    /// <param name="psnr">PSNR of each picture, in decibels.</param>
    public double FloorShortfall(IReadOnlyList<double> psnr) =>
        Floor is not { } floor ? double.NegativeInfinity
            : floor - psnr.Order().ElementAt(Math.Min(psnr.NotNull().Count - 1, (int)((FloorShare * psnr.Count) + 1e-9)));

    /// <summary>
    /// Whether a held-out trial meets the target: a speed by its FLOPs, a quality by the lower end of the interval and by the floor.
    /// </summary>
    /// <param name="measured">The trial on held-out pictures.</param>
    /// <param name="interval">Interval of their mean quality.</param>
    public bool IsMet(Trial measured, BootstrapInterval interval) =>
        measured.NotNull().FlopsSpeedup > 1 && AllowsSpeed(measured.FlopsSpeedup) && (Mean is not { } least || interval.NotNull().Lower >= least)
            && FloorShortfall(measured.Quality) <= 0;

    /// <summary>Whether a trial on calibration pictures seems to meet the target.</summary>
    internal bool SeemsMet(Trial measured) =>
        measured.FlopsSpeedup > 1 && AllowsSpeed(measured.FlopsSpeedup) && (Mean is not { } least || measured.MeanQuality >= least)
            && FloorShortfall(measured.Quality) <= 0;

    /// <inheritdoc/>
    public override string ToString() => Speedup is { } times ? string.Create(CultureInfo.InvariantCulture, $"{times}x fewer FLOPs")
        : Floor is { } floor ? string.Create(CultureInfo.InvariantCulture, $"{Mean} dB, at most {FloorShare:0.##%} of the pictures below {floor} dB")
        : string.Create(CultureInfo.InvariantCulture, $"{Mean} {(Unit == "%" ? "% of the tokens the same" : Unit)}");
}
