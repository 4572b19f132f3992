using Augur.Catalogs;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>Chooses caching methods by the profiles in a model's folder.</summary>
/// <param name="path">The model's folder or file; null: the model was made in code and has no profiles.</param>
/// <param name="loras">What changes its weights; null: nothing.</param>
internal sealed class ModelMethods(string? path, IReadOnlyList<LoraSource>? loras = null)
{
    private readonly Dictionary<string, Profile?> _profiles = [];
    private readonly Lock _lock = new();
    private ModelIdentity? _identity;

    /// <summary>Chooses for a description in which only some settings are given.</summary>
    /// <inheritdoc cref="MethodChoice.Of"/>
    public MethodChoice Choose(DiffusionModel model, string? policy, string? quality, AskedSettings asked)
    {
        lock (_lock)
        {
            return MethodChoice.Of(policy, quality, asked, _identity ??= ModelIdentity.Of(model, path, loras), ProfileOf);
        }
    }

    /// <summary>Chooses for a request without a method; all its settings count as given.</summary>
    /// <exception cref="ArgumentException">The request names a quality that the model has no valid profile for.</exception>
    public PolicyChoice Choose(DiffusionModel model, GenerationRequest request) => AsPolicy(Choose(
        model,
        policy: null,
        request.Quality,
        AskedSettings.Of(request, model.Defaults)));

    /// <summary>Makes the policy of a choice.</summary>
    public static PolicyChoice AsPolicy(MethodChoice choice) =>
        new(PolicyCatalog.Parse(choice.Policy), choice.Why ?? PolicyChoice.AsAsked) { Profile = choice.Profile, Note = choice.Note };

    private Profile? ProfileOf(string word)
    {
        if (!_profiles.TryGetValue(word, out var profile))
        {
            _profiles[word] = profile = path is not null && ModelCatalog.FindProfile(path, word) is { } file ? Profile.Read(file) : null;
        }

        return profile;
    }
}
