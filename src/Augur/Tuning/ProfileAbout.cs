using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>What is known of a policy that was searched or fitted: what it was measured with, and what it held. Null: not said.</summary>
public sealed record ProfileAbout
{
    /// <summary>What was asked for, in words.</summary>
    public string? Target { get; init; }

    /// <summary>The network's name, as <see cref="ModelIdentity.Name"/>.</summary>
    public string? Model { get; init; }

    /// <summary>Hash of its weights, as <see cref="ModelIdentity.Weights"/>.</summary>
    public string? Weights { get; init; }

    /// <summary>The sampler, as the command line writes it.</summary>
    public string? Sampler { get; init; }

    /// <summary>Sampler steps, 1 to 1000.</summary>
    public int? Steps { get; init; }

    /// <summary>Network calls of a run, 1 to 100,000; some samplers make more than one a step.</summary>
    public int? Calls { get; init; }

    /// <summary>Scale of classifier-free guidance, 0 to 100.</summary>
    public double? Guidance { get; init; }

    /// <summary>Settings that the search tried.</summary>
    public int? Tried { get; init; }

    /// <summary>Pictures that it was chosen or fitted on.</summary>
    public int? Pictures { get; init; }

    /// <summary>Seed of the first of them.</summary>
    public long? Seed { get; init; }

    /// <summary>Mean PSNR on these, in decibels.</summary>
    public double? CalibratedPsnr { get; init; }

    /// <summary>Pictures that the search never saw; null where it was stopped before it drew them.</summary>
    public int? HeldOutPictures { get; init; }

    /// <summary>Seed of the first of them.</summary>
    public long? HeldOutSeed { get; init; }

    /// <summary>Held-out sets that were drawn until the target held, this one among them.</summary>
    public int? HeldOutSets { get; init; }

    /// <summary>FLOPs of the uncached runs over those executed, on held-out pictures.</summary>
    public double? Speedup { get; init; }

    /// <summary>Mean PSNR on held-out pictures, in decibels.</summary>
    public double? Psnr { get; init; }

    /// <summary>Lower end of its interval.</summary>
    public double? PsnrLower { get; init; }

    /// <summary>Upper end of its interval.</summary>
    public double? PsnrUpper { get; init; }

    /// <summary>Confidence of the interval, 0 to 1: 0.95, or more where several held-out sets may be drawn.</summary>
    public double? Confidence { get; init; }

    /// <summary>PSNR of the worst held-out picture, in decibels.</summary>
    public double? WorstPsnr { get; init; }

    /// <summary>A picture below this many decibels counts as a miss.</summary>
    public double? FloorPsnr { get; init; }

    /// <summary>Share of misses that the target allows, 0 to 1.</summary>
    public double? FloorShare { get; init; }

    /// <summary>Share of the held-out pictures that missed.</summary>
    public double? ShareBelow { get; init; }

    /// <summary>Of pictures like these, at most this share misses, with 95 % confidence.</summary>
    public double? ShareBelowUpper { get; init; }

    /// <summary>Anything else, for readers.</summary>
    public string? Note { get; init; }

    /// <summary>What a search says of what it found; model, weights and pictures are the caller's to add.</summary>
    /// <param name="found">With a policy.</param>
    /// <param name="target">What it aimed at.</param>
    /// <param name="request">One of the pictures: sampler, steps and guidance, none of them null.</param>
    /// <param name="calls">Network calls of a picture.</param>
    public static ProfileAbout Of(TuningResult found, TuningTarget target, GenerationRequest request, int calls)
    {
        var about = new ProfileAbout
        {
            Target = target.ToString(),
            Sampler = request.Sampler!.Name,
            Steps = request.Steps,
            Calls = calls,
            Guidance = request.Guidance!.Value.Scale,
            Tried = found.Tried,
            CalibratedPsnr = Math.Round(found.Calibrated.MeanPsnr, 2),
            FloorPsnr = target.Floor,
            FloorShare = target.Floor is null ? null : target.FloorShare,
        };
        if (found is not { HeldOut: { } held, Psnr: { } interval })
        {
            return about with { Note =
                FormattableString.Invariant($"stopped; judged on {found.Calibrated.Psnr.Count} pictures that it was chosen by, and on no others") };
        }

        var misses = target.Floor is { } floor ? held.CountBelow(floor) : (int?)null;
        return about with
        {
            HeldOutPictures = held.Psnr.Count,
            HeldOutSets = found.Attempt + 1,
            Speedup = Math.Round(held.FlopsSpeedup, 3),
            Psnr = Math.Round(interval.Estimate, 2),
            PsnrLower = Math.Round(interval.Lower, 2),
            PsnrUpper = Math.Round(interval.Upper, 2),
            Confidence = Math.Round(interval.Confidence, 5),
            WorstPsnr = Math.Round(held.Psnr.Min(), 2),
            ShareBelow = misses is null ? null : Math.Round((double)misses.Value / held.Psnr.Count, 4),
            ShareBelowUpper = misses is null ? null : Math.Round(PictureShare.Upper(misses.Value, held.Psnr.Count), 4),
        };
    }
}
