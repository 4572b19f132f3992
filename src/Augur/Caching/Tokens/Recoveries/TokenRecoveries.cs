using Augur.Notation;

namespace Augur.Caching.Tokens;

/// <summary>What tokens that are not computed get, by name.</summary>
public static class TokenRecoveries
{
    private const string Kind = "Recover";

    internal static Catalog<ITokenRecovery> Catalog { get; } = new(
        Kind,
        recovery => recovery.Name,
        Catalog<ITokenRecovery>.Entry(Kind, "keep", "They stay as they are kept (ToCa).", () => KeepRecovery.Instance),
        Catalog<ITokenRecovery>.Entry(
            Kind, "copy", "They get what was computed for the token that is most like them (DaTo, ToMe).", () => CopyRecovery.Instance),
        Catalog<ITokenRecovery>.Entry(
            "blend", "They move by a share towards that (ClusCa).", BlendRecovery.Settings, o => new BlendRecovery(o)));

    /// <summary>Every recovery.</summary>
    public static IReadOnlyList<CatalogEntry<ITokenRecovery>> All => Catalog.All;
}
