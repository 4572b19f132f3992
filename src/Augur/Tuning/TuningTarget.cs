using System.Globalization;

namespace Augur.Tuning;

/// <summary>What a search for settings aims at: speed with the best quality, or quality at the best speed.</summary>
public sealed record TuningTarget
{
    private TuningTarget()
    {
    }

    /// <summary>Words for qualities, as least mean PSNR in decibels against the uncached picture. Above 40 dB the eye sees no difference.</summary>
    public static IReadOnlyList<(string Word, double Psnr)> Words { get; } = [("lossless", 40), ("high", 36), ("balanced", 32), ("fast", 28)];

    /// <summary>Least ratio of uncached to executed FLOPs; null: as much as the quality allows.</summary>
    public double? Speedup { get; private init; }

    /// <summary>Least mean PSNR in decibels; null: as much as the speed allows.</summary>
    public double? Psnr { get; private init; }

    /// <summary>At least this many times fewer FLOPs, above 1 and at most 100.</summary>
    /// <exception cref="ArgumentException">It lies outside.</exception>
    public static TuningTarget Faster(double speedup) => speedup is > 1 and <= 100 ? new() { Speedup = speedup }
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A speedup of {speedup} is no target; it lies above 1 and at most at 100."));

    /// <summary>At least this mean PSNR, above 10 and at most 90 dB.</summary>
    /// <exception cref="ArgumentException">It lies outside.</exception>
    public static TuningTarget AtLeast(double psnr) => psnr is > 10 and <= 90 ? new() { Psnr = psnr }
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A quality of {psnr} dB is no target; it lies above 10 and at most at 90."));

    /// <summary>A quality as text: <c>32dB</c>, <c>32</c>, or one of <see cref="Words"/>.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static TuningTarget ParseQuality(string text)
    {
        if (Words.FirstOrDefault(w => w.Word == text) is { Word: not null } word)
        {
            return AtLeast(word.Psnr);
        }

        var number = text.EndsWith("dB", StringComparison.OrdinalIgnoreCase) ? text[..^2].TrimEnd() : text;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var psnr) ? AtLeast(psnr)
            : throw new ArgumentException($"\"{text}\" is no quality; it is decibels as in 32dB, or {string.Join(", ", Words.Select(w => w.Word))}.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Speedup is { } times ? $"{times}x fewer FLOPs" : $"{Psnr} dB")}");
}
