namespace Augur.Cli.Commands.Tune;

/// <summary>
/// What <c>augur tune --json</c> prints: the profile's file, its policy, and what it gave on pictures that the search had not seen; PSNR in dB with
/// its
/// interval.
/// </summary>
internal sealed record TuneOutput(
    string Profile, string Policy, int HeldOutPictures, double FlopsSpeedup, double Psnr, double PsnrLower, double PsnrUpper, double WorstPsnr,
        int Tried,
    double Seconds);
