namespace Augur.Tuning;

/// <summary>One text, written one way.</summary>
/// <param name="Tokens">Their numbers.</param>
/// <param name="Text">What they spell.</param>
/// <param name="Calls">A letter per network call, as <see cref="Pipelines.CallMark"/> has them.</param>
/// <param name="Flops">Executed; a multiply-add is 2.</param>
/// <param name="PeakCacheBytes">The most that kept features took.</param>
/// <param name="Surprise">Nats of a token, in the mean, by <see cref="MaskedBound"/>; NaN where it was not asked for.</param>
/// <param name="Note">What a reader should know; null: nothing.</param>
public sealed record TextMeasure(
    IReadOnlyList<int> Tokens, string Text, string Calls, long Flops, long PeakCacheBytes, double Surprise, string? Note)
{
    /// <summary>Share of the tokens that are another text's, place by place, 0 to 1.</summary>
    public double AgreementWith(TextMeasure other) =>
        Tokens.Zip(other.NotNull().Tokens).Count(pair => pair.First == pair.Second) / (double)Math.Max(Tokens.Count, other.Tokens.Count);
}
