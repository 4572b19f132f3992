using Augur.Catalogs;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>Chooses the caching method of what a model draws, by the profiles that lie in the model's folder.</summary>
/// <param name="path">The model's folder or file; null: it was made in code and has no profiles.</param>
internal sealed class ModelMethods(string? path)
{
    private readonly Dictionary<string, Profile?> _profiles = [];
    private readonly Lock _lock = new();
    private ModelIdentity? _identity;

    /// <summary>For a description, of which only some settings were given.</summary>
    /// <inheritdoc cref="MethodChoice.Of"/>
    public MethodChoice Choose(DiffusionModel model, string? policy, string? quality, AskedSettings asked)
    {
        lock (_lock)
        {
            return MethodChoice.Of(policy, quality, asked, _identity ??= ModelIdentity.Of(model, path), ProfileOf);
        }
    }

    /// <summary>For a request that names no method; all its settings count as given.</summary>
    /// <exception cref="ArgumentException">It names a quality that this model cannot promise.</exception>
    public PolicyChoice Choose(DiffusionModel model, GenerationRequest request) => AsPolicy(Choose(
        model,
        policy: null,
        request.Quality,
        new AskedSettings(request.Steps, request.Sampler ?? model.Defaults.Sampler, (request.Guidance ?? model.Defaults.Guidance).Scale)));

    /// <summary>The choice with its method made.</summary>
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
