namespace Augur.Tuning;

/// <summary>A word for a quality, and what it promises of pictures like those that it was measured on.</summary>
/// <param name="Word">As the command line writes it.</param>
/// <param name="Psnr">Least mean PSNR against the uncached picture, in decibels.</param>
/// <param name="Floor">A picture below this many decibels is a miss.</param>
/// <param name="Share">Of the pictures, at most this share misses, 0 to 1.</param>
public sealed record QualityWord(string Word, double Psnr, double Floor, double Share)
{
    /// <summary>The words, best first. Above 40 dB the eye sees no difference, so that "lossless" is what nobody sees in 99 of 100
    /// pictures.</summary>
    public static IReadOnlyList<QualityWord> All { get; } =
        [new("lossless", 45, 40, 0.01), new("high", 36, 30, 0.05), new("balanced", 32, 26, 0.05), new("fast", 28, 22, 0.05)];
}
