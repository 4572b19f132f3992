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

/// <summary>
/// The same of a model that writes: the way is the sampler's and the caching method's, and quality the percentage of tokens that are the uncached
/// run's, with its interval.
/// </summary>
internal sealed record TuneTextsOutput(
    string Profile, string Policy, string Sampler, int HeldOutTexts, double FlopsSpeedup, double Agreement, double AgreementLower,
    double AgreementUpper, double WorstAgreement, int Tried, double Seconds);
