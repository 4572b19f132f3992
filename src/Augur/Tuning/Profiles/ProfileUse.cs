using System.Globalization;
using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Sampling;

namespace Augur.Tuning;

/// <summary>
/// Applies a profile to a run. The profile's own steps, sampler and guidance are used unless others are given. If these differ from the measured
/// ones, the policy is adapted where that is known to work, with a note, and refused otherwise.
/// </summary>
public static class ProfileUse
{
    /// <summary>Applies a profile to a run.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="asked">The given settings.</param>
    /// <param name="model">The model that generates the pictures.</param>
    /// <returns>The policy, adapted if necessary, and the settings, with a note if the profile's figures do not apply.</returns>
    /// <exception cref="ArgumentException">
    /// The profile was measured on another model or with another kind of sampler, or cannot be adapted; the message has both values.
    /// </exception>
    public static MethodChoice Apply(Profile profile, AskedSettings asked, ModelIdentity model)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(model);
        var about = profile.About;
        if (OtherModel(profile, model) is { } mismatch)
        {
            throw new ArgumentException($"{mismatch}.");
        }

        var measured = MeasuredSampler(profile);
        var choice = new MethodChoice(
            profile.Policy,
            asked.Steps ?? about.Steps ?? model.Defaults.Steps,
            asked.Sampler ?? (measured is null || measured.Name == model.Defaults.Sampler.Name ? model.Defaults.Sampler : measured),
            asked.Guidance ?? about.Guidance ?? model.Defaults.Guidance.Scale)
        { Profile = profile.Name, Interval = asked.Interval ?? about.GuidanceInterval ?? model.Defaults.Guidance.Interval };
        var notes = new List<string>();
        if (measured is not null && choice.Sampler.Name != measured.Name)
        {
            if (OtherSampler(profile, measured, choice.Sampler) is { } refusal)
            {
                throw new ArgumentException(refusal);
            }

            notes.Add($"sampler {choice.Sampler.Name}, not {measured.Name}");
        }

        if (about.Guidance is { } guidance && guidance != choice.Guidance)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"guidance {choice.Guidance}, not {guidance}: errors grow with it"));
        }

        var (here, there) = (choice.Interval ?? GuidanceInterval.Whole, about.GuidanceInterval ?? GuidanceInterval.Whole);
        if (here != there)
        {
            notes.Add($"guidance in {here} of the run, not in {there}");
        }

        if (about.Steps is { } steps && steps != choice.Steps)
        {
            var calls = about.Calls ?? steps;
            var stretched = ProfileStretch.To(profile, calls, Math.Max(1, (int)Math.Round((double)calls * choice.Steps / steps)));
            choice = choice with { Policy = stretched.Policy };
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{choice.Steps} steps, not {steps}: {stretched.Note}"));
        }

        return notes.Count == 0 ? choice : choice with { Note = $"the figures of {profile.Name} do not hold here ({string.Join("; ", notes)})" };
    }

    /// <summary>
    /// A sentence without a full stop saying that the profile was measured on another model; null if it was not, as far as is known.
    /// </summary>
    internal static string? OtherModel(Profile profile, ModelIdentity model)
    {
        var about = profile.About;
        return about.Model is { } name && name != model.Name
            ? $"{profile.Name} was measured on {name}, and this model is {model.Name}; {Remedy(profile)}"
            : about.Weights is { } weights && model.Weights is { } own && weights != own
                ? $"{profile.Name} was measured on a {model.Name} with the weights {weights}, and this one's are {own}; {Remedy(profile)}"
            : null;
    }

    /// <summary>Whether a profile can be applied to a run: the model and the kind of sampler are those that it was measured with.</summary>
    internal static bool Suits(Profile profile, AskedSettings asked, ModelIdentity model) =>
        OtherModel(profile, model) is null
        && (MeasuredSampler(profile) is not { } measured || OtherSampler(profile, measured, asked.Sampler ?? model.Defaults.Sampler) is null);

    // A sentence saying why a profile cannot be used with this sampler; null: it can.
    private static string? OtherSampler(Profile profile, ISampler measured, ISampler asked) =>
        Kind(measured) != Kind(asked)
            ? $"{profile.Name} was measured with the sampler {measured.Name}, not with {asked.Name}; {Remedy(profile)}."
            : AddsNoise(asked) && !AddsNoise(measured) && SkipsNetwork(profile.Policy)
                ? $"{profile.Name} was measured with the sampler {measured.Name}, which adds no noise; {asked.Name} does, and forecasts of the "
                    + "output cannot know it: leave the sampler out, or take a policy with granularity=branch."
            : null;

    private static ISampler? MeasuredSampler(Profile profile)
    {
        try
        {
            return profile.About.Sampler is not { } text ? null
                : TokenSamplers.Names(text) ? TokenSamplers.Parse(text) : Samplers.Parse(text);
        }
        catch (ArgumentException wrong)
        {
            throw new ArgumentException($"{profile.Name}: \"about.sampler\": {wrong.Message}", wrong);
        }
    }

    private static string Remedy(Profile profile) => profile.About.HeldOutPictures is null && profile.About.Target is null
        ? "augur fit measures again" : "augur tune makes a profile for it";

    private static string Kind(ISampler sampler) => sampler.Name.Split('(')[0];

    private static bool AddsNoise(ISampler sampler) => sampler is DdpmSampler or DdimSampler { Options.Eta: > 0 };

    // Whether a forecast call runs no part of the network, so that it does not depend on the current latent.
    private static bool SkipsNetwork(string policy)
    {
        var spelled = PolicyCatalog.Spell(policy);
        var given = spelled.FirstOrDefault(s => s.Name == "granularity").Value;
        return (given ?? PolicyCatalog.All.First(e => e.Name == spelled[0].Value).Settings.FirstOrDefault(s =>
            s.Name == "granularity")?.Default) is "output" or "block";
    }
}
