namespace Augur.Tuning;

/// <summary>A named quality level and its guarantee for pictures like those that it was measured on.</summary>
/// <param name="Word">The word in the notation of the command line.</param>
/// <param name="Psnr">Least mean PSNR against the uncached picture, in decibels.</param>
/// <param name="Floor">A picture below this many decibels is a miss.</param>
/// <param name="Share">Largest share of misses, 0 to 1.</param>
public sealed record QualityWord(string Word, double Psnr, double Floor, double Share)
{
    /// <summary>All quality words, best first. Differences above 40 dB are invisible.</summary>
    public static IReadOnlyList<QualityWord> All { get; } =
        [new("highest", 45, 40, 0.05), new("high", 36, 30, 0.05), new("balanced", 32, 26, 0.05), new("fast", 28, 22, 0.05)];
}
