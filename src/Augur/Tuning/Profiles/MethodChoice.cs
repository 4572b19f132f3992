using System.Globalization;
using Augur.Conditioning;
using Augur.Pipelines;
using Augur.Sampling;

namespace Augur.Tuning;

/// <summary>Settings that were given explicitly; null: not given.</summary>
/// <param name="Steps">Sampler steps.</param>
/// <param name="Sampler">The sampler.</param>
/// <param name="Guidance">Scale of classifier-free guidance.</param>
public sealed record AskedSettings(int? Steps = null, ISampler? Sampler = null, double? Guidance = null)
{
    /// <summary>Part of the run in which guidance acts.</summary>
    public GuidanceInterval? Interval { get; init; }

    /// <summary>All settings of a request, which count as given.</summary>
    /// <param name="request">The request.</param>
    /// <param name="otherwise">What it gets where it does not say; null: nothing.</param>
    public static AskedSettings Of(GenerationRequest request, GenerationDefaults? otherwise = null)
    {
        var guidance = request.NotNull().Guidance ?? otherwise?.Guidance;
        return new(request.Steps, request.Sampler ?? otherwise?.Sampler, guidance?.Scale) { Interval = guidance?.Interval ?? GuidanceInterval.Whole };
    }
}

/// <summary>The chosen caching method, with the steps, sampler and guidance of the run.</summary>
/// <param name="Policy">In the catalog's notation, such as <c>speca(order=4)</c>.</param>
/// <param name="Steps">Sampler steps.</param>
/// <param name="Sampler">The sampler.</param>
/// <param name="Guidance">Scale of classifier-free guidance.</param>
public sealed record MethodChoice(string Policy, int Steps, ISampler Sampler, double Guidance)
{
    /// <summary>The quality word that applies if neither a method nor a quality is given.</summary>
    public const string DefaultQuality = "high";

    /// <summary>
    /// The model's profile for settings that no profile of a quality was measured with: every picture chooses its computed calls by an error.
    /// </summary>
    public const string ByError = "error";

    private const string Uncached = "none";

    /// <summary>Part of the run in which guidance acts; null: the whole run.</summary>
    public GuidanceInterval? Interval { get; init; }

    /// <summary>File of the profile that the method comes from; null: none.</summary>
    public string? Profile { get; init; }

    /// <summary>Reason for the choice, in one sentence without a full stop; null if the method was given.</summary>
    public string? Why { get; init; }

    /// <summary>Which of the profile's figures do not apply to this run, in one sentence without a full stop; null: none.</summary>
    public string? Note { get; init; }

    /// <summary>Chooses the method and settings of a run.</summary>
    /// <param name="policy">The given method; null: none.</param>
    /// <param name="quality">The given quality word; null: none.</param>
    /// <param name="asked">The given steps, sampler and guidance.</param>
    /// <param name="model">The model.</param>
    /// <param name="profileOf">Returns the model's profile for a quality word, or null if it has none.</param>
    /// <exception cref="ArgumentException">
    /// Both a method and a quality are given; the model has no such profile; or the profile is for another model, sampler, number of steps or
    /// guidance. The message has both values.
    /// </exception>
    public static MethodChoice Of(string? policy, string? quality, AskedSettings asked, ModelIdentity model, Func<string, Profile?> profileOf)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(profileOf);
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

        if (model.Defaults.IsFewStep)
        {
            return Plain(Uncached, asked, model) with
            {
                Why = $"every call is computed: this model needs only {InSteps(model.Defaults.Steps)}, which leave caching little to take",
            };
        }

        if (profileOf(ByError) is { } byError && ProfileUse.Suits(byError, asked, model))
        {
            return ProfileUse.Apply(byError, asked, model) with
            {
                Why = "each picture chooses its computed calls" + (profile is null || unmeasured is null ? ""
                    : $", since the profile of quality \"{word}\" was measured with {Measured(profile.About)}, not with {unmeasured}"),
            };
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
        new(policy, asked.Steps ?? model.Defaults.Steps, asked.Sampler ?? model.Defaults.Sampler, asked.Guidance ?? model.Defaults.Guidance.Scale)
        {
            Interval = asked.Interval ?? model.Defaults.Guidance.Interval,
        };

    // A quality word is valid only for the settings with which its profile was measured.
    private static string? Unmeasured(ProfileAbout about, AskedSettings asked) =>
        about.Sampler is { } sampler && asked.Sampler is { } other && other.Name != sampler ? other.Name
        : about.Steps is { } steps && asked.Steps is { } count && count != steps ? InSteps(count)
        : about.Guidance is { } guidance && asked.Guidance is { } scale && scale != guidance ? AtGuidance(scale)
        : asked.Interval is { } interval && interval != (about.GuidanceInterval ?? GuidanceInterval.Whole) ? InInterval(interval)
        : null;

    private static string Measured(ProfileAbout about) => string.Join(", ", new[]
    {
        about.Sampler,
        about.Steps is { } steps ? InSteps(steps) : null,
        about.Guidance is { } guidance ? AtGuidance(guidance) : null,
        about.GuidanceInterval is { } interval ? InInterval(interval) : null,
    }.OfType<string>());

    private static string Held(ProfileAbout about) => about is { Speedup: { } speedup, Psnr: { } psnr, HeldOutPictures: { } pictures }
        ? string.Create(CultureInfo.InvariantCulture,
            $": {speedup:0.00} times fewer FLOPs, mean PSNR {psnr:0.0} dB on {pictures} pictures that its search never saw")
        : "";

    private static string InSteps(int count) => count == 1 ? "1 step" : string.Create(CultureInfo.InvariantCulture, $"{count} steps");

    private static string InInterval(GuidanceInterval interval) =>
        interval == GuidanceInterval.Whole ? "guidance in the whole run" : $"guidance in {interval} of the run";

    private static string AtGuidance(double scale) => string.Create(CultureInfo.InvariantCulture, $"guidance {scale}");
}
