using System.Globalization;
using Augur.Sampling;

namespace Augur.Tuning;

/// <summary>What somebody asked for; null: they did not say.</summary>
/// <param name="Steps">Sampler steps.</param>
/// <param name="Sampler">The way from noise to image.</param>
/// <param name="Guidance">Scale of guidance.</param>
public sealed record AskedSettings(int? Steps = null, ISampler? Sampler = null, double? Guidance = null);

/// <summary>The method that draws, and the settings that it draws with.</summary>
/// <param name="Policy">As the catalog names it.</param>
/// <param name="Steps">Sampler steps.</param>
/// <param name="Sampler">The way from noise to image.</param>
/// <param name="Guidance">Scale of guidance.</param>
public sealed record MethodChoice(string Policy, int Steps, ISampler Sampler, double Guidance)
{
    /// <summary>The word of quality that a run gets when neither method nor quality was asked for.</summary>
    public const string DefaultQuality = "high";

    private const string Uncached = "none";

    /// <summary>The file of the profile that it comes from; null: none.</summary>
    public string? Profile { get; init; }

    /// <summary>Why this method, in one sentence without a full stop; null: it was asked for.</summary>
    public string? Why { get; init; }

    /// <summary>What of a profile's figures does not hold here, in one sentence without a full stop; null: nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Chooses.</summary>
    /// <param name="policy">The method asked for; null: none was.</param>
    /// <param name="quality">The word of quality asked for; null: none was.</param>
    /// <param name="asked">Steps, sampler and guidance asked for.</param>
    /// <param name="model">The model that generates the pictures.</param>
    /// <param name="profileOf">The model's profile for a word of quality; null where it has none.</param>
    /// <exception cref="ArgumentException">
    /// Both were asked for; the model has no such profile; or the profile is for another model, sampler, number of steps or guidance. The sentence
    /// has both values.
    /// </exception>
    public static MethodChoice Of(string? policy, string? quality, AskedSettings asked, ModelIdentity model, Func<string, Profile?> profileOf)
    {
        if (policy is not null && quality is not null)
        {
            throw new ArgumentException("--policy and --quality both name a method; give one.");
        }

        if (policy is not null)
        {
            return Tuning.Profile.Find(policy) is { } given ? ProfileUse.Apply(given, asked, model) : Plain(policy, asked, model);
        }

        var word = quality ?? DefaultQuality;
        var profile = profileOf(word);
        var unmeasured = profile is null ? null : Unmeasured(profile.About, asked);
        if (profile is not null && unmeasured is null && (quality is not null || ProfileUse.OtherModel(profile, model) is null))
        {
            return ProfileUse.Apply(profile, asked, model) with { Why = $"quality \"{word}\"{Held(profile.About)}" };
        }

        if (quality is not null)
        {
            throw new ArgumentException(profile is null
                ? $"This model has no profile for \"{word}\"; augur tune --quality {word} makes one, for --policy @PATH."
                : $"Quality \"{word}\" was measured with {Measured(profile.About)}, not with {unmeasured}; "
                    + $"leave that out, or let augur tune --quality {word} measure it.");
        }

        const string Remedy = "augur tune makes one, and --policy augur is faster without";
        return Plain(Uncached, asked, model) with
        {
            Why = "every call is computed: " + (profile is null ? $"this model has no profile ({Remedy})"
                : unmeasured is null ? ProfileUse.OtherModel(profile, model)
                : $"the model's profile was measured with {Measured(profile.About)}, not with {unmeasured} ({Remedy})"),
        };
    }

    private static MethodChoice Plain(string policy, AskedSettings asked, ModelIdentity model) =>
        new(policy, asked.Steps ?? model.Defaults.Steps, asked.Sampler ?? model.Defaults.Sampler, asked.Guidance ?? model.Defaults.Guidance.Scale);

    // What a word of quality promises was measured; it promises nothing elsewhere.
    private static string? Unmeasured(ProfileAbout about, AskedSettings asked) =>
        about.Sampler is { } sampler && asked.Sampler is { } other && other.Name != sampler ? other.Name
        : about.Steps is { } steps && asked.Steps is { } count && count != steps ? InSteps(count)
        : about.Guidance is { } guidance && asked.Guidance is { } scale && scale != guidance ? AtGuidance(scale)
        : null;

    private static string Measured(ProfileAbout about) => string.Join(", ", new[]
    {
        about.Sampler,
        about.Steps is { } steps ? InSteps(steps) : null,
        about.Guidance is { } guidance ? AtGuidance(guidance) : null,
    }.OfType<string>());

    private static string Held(ProfileAbout about) => about is { Speedup: { } speedup, Psnr: { } psnr, HeldOutPictures: { } pictures }
        ? string.Create(CultureInfo.InvariantCulture,
            $": {speedup:0.00} times fewer FLOPs, mean PSNR {psnr:0.0} dB on {pictures} pictures that its search never saw")
        : "";

    private static string InSteps(int count) => count == 1 ? "1 step" : string.Create(CultureInfo.InvariantCulture, $"{count} steps");

    private static string AtGuidance(double scale) => string.Create(CultureInfo.InvariantCulture, $"guidance {scale}");
}
