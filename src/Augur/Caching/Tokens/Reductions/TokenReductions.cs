using Augur.Notation;

namespace Augur.Caching.Tokens;

/// <summary>How scores become fewer tokens, by name.</summary>
public static class TokenReductions
{
    private const string Kind = "Reduce";

    internal static Catalog<ITokenReduction> Catalog { get; } = new(
        Kind,
        reduction => reduction.Name,
        Catalog<ITokenReduction>.Entry(Kind, "top", "Those with the largest scores stay (ToCa).", () => TopReduction.Instance),
        Catalog<ITokenReduction>.Entry(Kind, "draw", "Drawn, the more likely the larger the score.", () => new DrawReduction()),
        Catalog<ITokenReduction>.Entry(Kind, "spread", "Those far from each other, weighted by score (DivPrune).", () => new SpreadReduction()),
        Catalog<ITokenReduction>.Entry(
            "prune", "The leader of each window, and what resembles none (DaTo).", PruneReduction.Settings, o => new PruneReduction(o)),
        Catalog<ITokenReduction>.Entry(
            "merge", "What resembles the leader of a window is merged into it (ToMe).", MergeReduction.Settings, o => new MergeReduction(o)),
        Catalog<ITokenReduction>.Entry(
            "clusters", "The one of the largest score in each cluster (ClusCa).", ClusterReduction.Settings, o => new ClusterReduction(o)));

    /// <summary>Every reduction.</summary>
    public static IReadOnlyList<CatalogEntry<ITokenReduction>> All => Catalog.All;
}
