using Augur.Conditioning;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>How a tuned or fitted policy was measured, and the results. Null: not recorded.</summary>
public sealed record ProfileAbout
{
    /// <summary>The target of the search, in words.</summary>
    public string? Target { get; init; }

    /// <summary>The network's name, as <see cref="ModelIdentity.Name"/>.</summary>
    public string? Model { get; init; }

    /// <summary>Hash of its weights, as <see cref="ModelIdentity.Weights"/>.</summary>
    public string? Weights { get; init; }

    /// <summary>The sampler, as the command line writes it.</summary>
    public string? Sampler { get; init; }

    /// <summary>Sampler steps, 1 to 1000.</summary>
    public int? Steps { get; init; }

    /// <summary>Network calls of a run, 1 to 100,000; some samplers make more than one per step.</summary>
    public int? Calls { get; init; }

    /// <summary>Scale of classifier-free guidance, 0 to 100.</summary>
    public double? Guidance { get; init; }

    /// <summary>Part of the run in which guidance acted; null: the whole run.</summary>
    public GuidanceInterval? GuidanceInterval { get; init; }

    /// <summary>Number of settings that the search tried.</summary>
    public int? Tried { get; init; }

    /// <summary>Number of pictures that the policy was chosen or fitted on.</summary>
    public int? Pictures { get; init; }

    /// <summary>Seed of the first of them.</summary>
    public long? Seed { get; init; }

    /// <summary>Mean PSNR on the calibration pictures, in decibels.</summary>
    public double? CalibratedPsnr { get; init; }

    /// <summary>Number of held-out pictures, which the search did not use; null if it was stopped before.</summary>
    public int? HeldOutPictures { get; init; }

    /// <summary>Seed of the first of them.</summary>
    public long? HeldOutSeed { get; init; }

    /// <summary>Number of held-out sets that were tested until the target was met, including this one.</summary>
    public int? HeldOutSets { get; init; }

    /// <summary>FLOPs of the uncached runs over those executed, on held-out pictures.</summary>
    public double? Speedup { get; init; }

    /// <summary>Mean PSNR on held-out pictures, in decibels.</summary>
    public double? Psnr { get; init; }

    /// <summary>Lower end of the confidence interval of the mean PSNR, in decibels.</summary>
    public double? PsnrLower { get; init; }

    /// <summary>Upper end of the confidence interval of the mean PSNR, in decibels.</summary>
    public double? PsnrUpper { get; init; }

    /// <summary>Confidence of the interval, 0 to 1: 0.95, or more if several held-out sets may be tested.</summary>
    public double? Confidence { get; init; }

    /// <summary>PSNR of the worst held-out picture, in decibels.</summary>
    public double? WorstPsnr { get; init; }

    /// <summary>A picture with a PSNR below this many decibels counts as a miss.</summary>
    public double? FloorPsnr { get; init; }

    /// <summary>Share of misses that the target allows, 0 to 1.</summary>
    public double? FloorShare { get; init; }

    /// <summary>Share of the held-out pictures below <see cref="FloorPsnr"/>, 0 to 1.</summary>
    public double? ShareBelow { get; init; }

    /// <summary>Upper bound, with 95 % confidence, on the share of misses among such pictures, 0 to 1.</summary>
    public double? ShareBelowUpper { get; init; }

    /// <summary>Tokens of a text, 1 to 1,000,000; null: pictures were drawn.</summary>
    public int? Length { get; init; }

    /// <summary>Number of texts that the way was chosen on.</summary>
    public int? Texts { get; init; }

    /// <summary>Mean share of tokens that were the uncached run's, on the texts of the search, in percent.</summary>
    public double? CalibratedAgreement { get; init; }

    /// <summary>Number of held-out texts.</summary>
    public int? HeldOutTexts { get; init; }

    /// <summary>Mean share of tokens that were the uncached run's, on held-out texts, in percent.</summary>
    public double? Agreement { get; init; }

    /// <summary>Lower end of the confidence interval of that mean, in percent.</summary>
    public double? AgreementLower { get; init; }

    /// <summary>Upper end of the confidence interval of that mean, in percent.</summary>
    public double? AgreementUpper { get; init; }

    /// <summary>The held-out text that lost most, in percent.</summary>
    public double? WorstAgreement { get; init; }

    /// <summary>A remark for readers.</summary>
    public string? Note { get; init; }

    /// <summary>The record of a search's result; the caller adds model, weights and pictures.</summary>
    /// <param name="found">The result; it has a policy.</param>
    /// <param name="target">The target of the search.</param>
    /// <param name="request">One of the requests, for sampler, steps and guidance; none of them is null.</param>
    /// <param name="calls">Number of network calls of a picture.</param>
    public static ProfileAbout Of(TuningResult found, TuningTarget target, GenerationRequest request, int calls)
    {
        var about = Run(found, target, request, calls) with
        {
            CalibratedPsnr = Math.Round(found.NotNull().Calibrated.MeanQuality, 2),
            FloorPsnr = target.NotNull().Floor,
            FloorShare = target.Floor is null ? null : target.FloorShare,
        };
        if (found is not { HeldOut: { } held, Interval: { } interval })
        {
            return about with
            {
                Note =
                FormattableString.Invariant($"stopped; judged on {found.Calibrated.Quality.Count} pictures that it was chosen by, and on no others")
            };
        }

        var misses = target.Floor is { } floor ? held.CountBelow(floor) : (int?)null;
        return about with
        {
            HeldOutPictures = held.Quality.Count,
            HeldOutSets = found.Attempt + 1,
            Speedup = Math.Round(held.FlopsSpeedup, 3),
            Psnr = Math.Round(interval.Estimate, 2),
            PsnrLower = Math.Round(interval.Lower, 2),
            PsnrUpper = Math.Round(interval.Upper, 2),
            Confidence = Math.Round(interval.Confidence, 5),
            WorstPsnr = Math.Round(held.Quality.Min(), 2),
            ShareBelow = misses is null ? null : Math.Round((double)misses.Value / held.Quality.Count, 4),
            ShareBelowUpper = misses is null ? null : Math.Round(PictureShare.Upper(misses.Value, held.Quality.Count), 4),
        };
    }

    /// <summary>The same of a model that writes; the caller adds model, weights and seeds.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static ProfileAbout OfTexts(TuningResult found, TuningTarget target, GenerationRequest request, int calls)
    {
        var about = Run(found, target, request, calls) with
        {
            Length = request.NotNull().LatentShape?[0],
            CalibratedAgreement = Math.Round(found.NotNull().Calibrated.MeanQuality, 2),
        };
        return found is not { HeldOut: { } held, Interval: { } interval }
            ? about with
            {
                Note = FormattableString.Invariant(
                    $"stopped; judged on {found.Calibrated.Quality.Count} texts that it was chosen by, and on no others"),
            }
            : about with
            {
                HeldOutTexts = held.Quality.Count,
                HeldOutSets = found.Attempt + 1,
                Speedup = Math.Round(held.FlopsSpeedup, 3),
                Agreement = Math.Round(interval.Estimate, 2),
                AgreementLower = Math.Round(interval.Lower, 2),
                AgreementUpper = Math.Round(interval.Upper, 2),
                Confidence = Math.Round(interval.Confidence, 5),
                WorstAgreement = Math.Round(held.Quality.Min(), 2),
            };
    }

    private static ProfileAbout Run(TuningResult found, TuningTarget target, GenerationRequest request, int calls) => new()
    {
        Target = target.NotNull().ToString(),
        Sampler = request.NotNull().Sampler!.Name,
        Steps = request.Steps,
        Calls = calls,
        Guidance = request.Guidance!.Value.Scale,
        GuidanceInterval = request.Guidance.Value.Interval,
        Tried = found.NotNull().Tried,
    };
}
