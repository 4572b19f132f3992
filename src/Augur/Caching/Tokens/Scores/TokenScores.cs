using Augur.Notation;

namespace Augur.Caching.Tokens;

/// <summary>What makes a token matter, by name.</summary>
public static class TokenScores
{
    private const string Kind = "Score";

    internal static Catalog<ITokenScore> Catalog { get; } = new(
        Kind,
        score => score.Name,
        Plain("random", "A draw: the control.", new RandomScore()),
        Plain("norm", "The norm of what the branch reads.", InputScores.Norm),
        Plain("distinct", "How far it points away from the mean of all.", InputScores.Distinct),
        Plain("similarity", "How far what the branch reads points away from what is kept of it.", InputScores.Similarity),
        Plain("attention", "How much it is read by all (ToCa).", new MeasuredScore("attention", Signal.AttentionReceived)),
        Plain(
            "value-norm",
            "How short its values are: those are read most (DuCa).",
            new MeasuredScore(
                "value-norm", Signal.ValueNorms, Form: (signal, shape) => ScoreTerms.OfValueNorms(signal, shape, ValueNormOrder.SmallFirst))),
        Plain(
            "text-entropy",
            "How evenly it reads the text (ToCa on PixArt).",
            new MeasuredScore("text-entropy", Signal.TextEntropy, SiteKind.CrossAttention)),
        Plain("age", "How long ago it was computed; a draw among equals (ToCa's staleness).", new AgeScore()),
        Catalog<ITokenScore>.Entry(
            "dynamics", "How much the network's answer changed there, and noise (DaTo).", DynamicsScore.Settings, o => new DynamicsScore(o)));

    /// <summary>Every score.</summary>
    public static IReadOnlyList<CatalogEntry<ITokenScore>> All => Catalog.All;

    private static CatalogEntry<ITokenScore> Plain(string name, string summary, ITokenScore score) =>
        Catalog<ITokenScore>.Entry(Kind, name, summary, () => score);
}
