using Augur.Caching.Tokens;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Self-attention that is run for some of the tokens, or for groups of them, which see each other only; the others get copies.</summary>
internal static class ShrunkAttention
{
    /// <summary>Whether it can be: an attention over the whole grid, whose tokens can see each other only.</summary>
    public static bool IsPossible(NetworkMap map, Site site) => site.Kind == SiteKind.Attention && map.Has(site)
        && map[site].FlopsPerPair > 0 && map[site].Feature[0] == map.Tokens[0].Grid.ElementCount;

    /// <summary>Refuses a network that has no such attention.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static void Require(NetworkMap map, string message)
    {
        if (!map.Branches.Any(b => IsPossible(map, b.Site)))
        {
            throw new ArgumentException(message);
        }
    }

    /// <summary>The answer at such an attention.</summary>
    /// <param name="site">Where.</param>
    /// <param name="choose">From what it reads, [rows, tokens, channels], to what stays.</param>
    public static Answer AnswerAt(Site site, Func<Tensor, TokenPlan> choose)
    {
        TokenPlan? plan = null;
        Tensor? feature = null;
        Forecast Recovered() => new((Tensor[])[feature!], (float[])[1]);
        void Recover(Tensor fresh) => feature = CopyRecovery.Instance.Recover(site, plan!, fresh, kept: null);
        return Answer.Shrunk(input => plan = choose(input), (_, fresh) => Recover(fresh), Recovered);
    }
}
