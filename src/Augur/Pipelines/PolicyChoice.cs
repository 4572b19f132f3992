using Augur.Caching;

namespace Augur.Pipelines;

/// <summary>Which caching method a request gets, and why.</summary>
/// <param name="Policy">The method; none computes every call.</param>
/// <param name="Profile">The model's profile that it comes from; null where it comes from no profile.</param>
/// <param name="IsGiven">Whether the request names it itself.</param>
/// <param name="Reason">One clause for people: <c>profile "high" of this model</c>.</param>
public sealed record PolicyChoice(ICachePolicy Policy, ModelProfile? Profile, bool IsGiven, string Reason)
{
    /// <summary>The quality that a request gets when it says nothing.</summary>
    public const string DefaultQuality = "high";

    /// <summary>
    /// The method that the request names; else the profile that its quality names; else the model's profile of high quality, where the run is as that
    /// profile was measured; else none.
    /// </summary>
    /// <exception cref="ArgumentException">Method and quality are both given, or the model has no such quality, or was not measured so.</exception>
    internal static PolicyChoice Of(GenerationRequest request, DiffusionModel model)
    {
        if (request.Cache is { } given)
        {
            return request.Quality is null ? new(given, null, IsGiven: true, "as asked")
                : throw new ArgumentException($"Policy {given.Name} and quality \"{request.Quality}\" both name a method; give one.");
        }

        var word = request.Quality ?? DefaultQuality;
        var profile = model.Profiles.FirstOrDefault(p => p.Quality == word);
        var obstacle = profile is not null
            ? profile.DifferenceFrom(request.Sampler ?? model.Defaults.Sampler, request.Steps, request.Guidance ?? model.Defaults.Guidance) is { } difference
                ? $"profile \"{word}\" {difference}" : null
            : model.Profiles.Count == 0 ? "this model has no profiles"
            : $"this model has no profile \"{word}\"; it has {string.Join(", ", model.Profiles.Select(p => p.Quality))}";
        return obstacle is null ? new(profile!.Policy, profile, IsGiven: false, $"profile \"{word}\" of this model")
            : request.Quality is null ? new(NoCachePolicy.Instance, null, IsGiven: false, obstacle)
            : throw new ArgumentException($"Quality \"{word}\" cannot be promised: {obstacle}.");
    }
}
