using Augur.Notation;

namespace Augur.Caching.Tokens;

/// <summary>The token selectors by name; every policy that drafts branches takes any of them.</summary>
public static class TokenSelectors
{
    private const string Kind = "Tokens";

    internal static Catalog<ITokenSelector> Catalog { get; } = new(
        Kind,
        selector => selector.Name,
        Catalog<ITokenSelector>.Entry("random", "Tokens drawn anew in every branch.", RandomTokens.Settings, o => new RandomTokens(o)),
        Catalog<ITokenSelector>.Entry(
            "toca",
            "The tokens with the highest score, stale ones raised (ToCa).",
            ToCaTokens.Settings,
            o => new ToCaTokens(o)),
        Catalog<ITokenSelector>.Entry(
            "clusca",
            "One token drawn from each cluster, in every branch anew (ClusCa).",
            ClusCaTokens.Settings,
            o => new ClusCaTokens(o)),
        Catalog<ITokenSelector>.Entry(
            "eedit",
            "Tokens drawn in every branch, those in and around the region that changes more likely (EEdit).",
            EEditTokens.Settings,
            o => new EEditTokens(o)),
        Catalog<ITokenSelector>.Entry(
            "compress",
            "Any score with any reduction and any recovery.",
            CompressTokens.Settings,
            o => new CompressTokens(o)));

    /// <summary>Every selector.</summary>
    public static IReadOnlyList<CatalogEntry<ITokenSelector>> All => Catalog.All;

    /// <summary>The selector that a text names: <c>random(k=16)</c>.</summary>
    /// <exception cref="ArgumentException">The text does not name one; the message says what does.</exception>
    public static ITokenSelector Parse(string text) => Catalog.Parse(text);
}
