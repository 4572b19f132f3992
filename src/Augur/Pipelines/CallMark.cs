using Augur.Caching;

namespace Augur.Pipelines;

/// <summary>How reports show what became of a network call.</summary>
/// <param name="Letter">One letter: C computed, d drafted, a accepted, R rejected, t tolerated, p partial. Capitals ran the whole network.</param>
/// <param name="Word">The same in a word.</param>
public sealed record CallMark(char Letter, string Word)
{
    private static readonly Dictionary<CallKind, CallMark> s_byKind = new()
    {
        [CallKind.Computed] = new('C', "computed"),
        [CallKind.Drafted] = new('d', "drafted"),
        [CallKind.Accepted] = new('a', "accepted"),
        [CallKind.Rejected] = new('R', "rejected"),
        [CallKind.Tolerated] = new('t', "tolerated"),
        [CallKind.Partial] = new('p', "partial"),
    };

    /// <summary>Every mark, in the order of a legend.</summary>
    public static IReadOnlyList<CallMark> All { get; } = [.. s_byKind.Values];

    /// <summary>The mark of an outcome.</summary>
    public static CallMark Of(CallOutcome outcome) => s_byKind[outcome.Kind];
}
