using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>What a reduction leaves of the tokens: those that stay, or groups of them, and which of these every token is represented by.</summary>
public class TokenPlan
{
    private readonly Func<IndexTable> _sources;
    private IndexTable? _known;

    /// <summary>Tokens that stay.</summary>
    /// <param name="kept">[rows, k].</param>
    /// <param name="sources">Finds for each token its place among these, [rows, tokens]; asked for once, where a recovery needs it.</param>
    public TokenPlan(IndexTable kept, Func<IndexTable> sources) => (Kept, _sources) = (kept.NotNull(), sources.NotNull());

    /// <summary>Groups whose means take the place of the tokens; each token is represented by its own.</summary>
    public TokenPlan(TokenGroups groups) => (Groups, _sources) = (groups.NotNull(), () => groups.Labels);

    /// <summary>The tokens that stay, [rows, k]; null: groups do.</summary>
    public IndexTable? Kept { get; }

    /// <summary>The groups whose means stay; null: tokens do.</summary>
    public TokenGroups? Groups { get; }

    /// <summary>For each token the place of what represents it among those that stay, its own where it stays itself: [rows, tokens].</summary>
    public IndexTable Sources => _known ??= _sources();

    /// <summary>What each that stays gives to those that it represents.</summary>
    /// <param name="fresh">Computed for those that stay, [rows, k, channels].</param>
    public virtual Tensor Given(Tensor fresh) => fresh;
}
