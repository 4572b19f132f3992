using Augur.Notation;

namespace Augur.Caching.Tokens;

/// <summary>
/// The tokens that matter most (ToCa, arXiv 2410.05317): those with the highest score, raised the longer they were not computed and where they
/// lead their neighbourhood. How many depends on block and call.
/// </summary>
/// <remarks>
/// The formula is in docs/methods/toca.md. Scores are formed on the host. What was measured in a call is read together, when the next
/// choice needs it; the scores norm and similarity are of what a branch reads now, and are read from the device for each branch, [rows, tokens].
/// </remarks>
public sealed record ToCaTokens(ToCaTokensOptions Options) : ITokenSelector
{
    internal static readonly SettingList<ToCaTokensOptions> Settings = new("Tokens", "toca");

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <summary>
    /// Whether tokens of fused branches are computed too, in their hidden layer and output projection, with what their attention gave before. Such
    /// branches are kept by these parts, at several times the memory.
    /// </summary>
    internal bool InFused { get; init; }

    /// <summary>Where draws come from, if not from the run's seed.</summary>
    internal IUniformDraws? Draws { get; init; }

    /// <summary>Is shown the final scores [rows · tokens] of each choice; for parity checks.</summary>
    internal Action<NetworkCall, Site, float[]>? ObserveScores { get; init; }

    /// <inheritdoc/>
    public ITokenSelection Open(RunInfo run)
    {
        var stream = run.NotNull().Map.Tokens.Sum(range => range.Count);
        var ofOthers = run.Map.Branches.FirstOrDefault(b => b.Site.Kind is SiteKind.Attention or SiteKind.Mlp
            && b.Feature[0] != run.Map.TokensOf(b.Site).Count && b.Feature[0] != stream);
        if (ofOthers is not null)
        {
            throw new ArgumentException(
                $"Tokens toca scores the {run.Map.TokensOf(ofOthers.Site)}, and block {ofOthers.Site.Layer} of this network has "
                + $"{ofOthers.Feature[0]}.");
        }

        RequireSignal(run.Map);

        if (Options.Bonus > 0 && run.Map.Tokens.All(t => t.Grid.Rank < 2))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Tokens toca: bonus={Options.Bonus} needs a picture of tokens, and this network's are {string.Join(", ", run.Map.Tokens)}; ")
                + "bonus is 0.");
        }

        var fused = run.Map.Sites.Where(s => s.Site.Kind == SiteKind.Hidden).Select(s => (int?)s.Site.Layer).Min() ?? run.Map.BlockCount;
        var selection = new ComposedSelection(
            new ToCaScoring(this, run, Measured(run)),
            TopReduction.Instance,
            KeepRecovery.Instance,
            Refreshes,
            view => FreshCount(view, run.Map.BlockCount, fused));
        return InFused ? new FusedSelection(selection) : selection;
    }

    /// <summary>
    /// Whether tokens of a branch, or of a part of one, are computed. Nothing that a fused branch reads resembles its kept hidden layer.
    /// </summary>
    internal bool Refreshes(Site site) => Options.Refreshes(site)
        || (InFused && Options.Score != TokenScore.Similarity && site.Kind is SiteKind.Hidden or SiteKind.Projected);

    // The schedule for FLUX counts double and single blocks apart.
    private int FreshCount(TokenView view, int blocks, int firstFused) => (Options.Schedule == FreshSchedule.Flux, view.Site.IsPart) switch
    {
        (true, true) => Options.FreshCount(view.Site, view.Call, blocks - firstFused, view.Tokens, firstFused),
        (true, false) => Options.FreshCount(view.Site, view.Call, firstFused, view.Tokens),
        _ => Options.FreshCount(view.Site, view.Call, blocks, view.Tokens),
    };

    private static Signal? SignalOf(TokenScore score) => score switch
    {
        TokenScore.Attention => Signal.AttentionReceived,
        TokenScore.ValueNorm => Signal.ValueNorms,
        TokenScore.TextEntropy => Signal.TextEntropy,
        _ => null,
    };

    // The branches at which a score is measured.
    private static SiteKind KindOf(TokenScore score) => score == TokenScore.TextEntropy ? SiteKind.CrossAttention : SiteKind.Attention;

    private void RequireSignal(NetworkMap map)
    {
        var kind = KindOf(Options.Score);
        NetworkSite[] measured =
            [.. map.Sites.Where(s => s.Site.Kind == kind || (InFused && kind == SiteKind.Attention && s.Site.Kind == SiteKind.FusedAttention))];
        if (SignalOf(Options.Score) is { } signal
            && (Array.Exists(measured, b => !b.Signals.Contains(signal)) || (signal == Signal.TextEntropy && measured.Length == 0)))
        {
            var where = signal == Signal.TextEntropy ? "cross-attention" : "attention";
            throw new ArgumentException($"Tokens toca: this network does not offer {signal} at its {where}; score is random, similarity or norm.");
        }
    }

    // What is measured of a token, before anything is added.
    private ITokenScoring Measured(RunInfo run) => Options.Score switch
    {
        TokenScore.Random => new RandomScoring(Draws ?? new SeededDraws(run.Seed)),
        TokenScore.Similarity => InputScores.Similarity.Open(run),
        TokenScore.Norm => InputScores.Norm.Open(run),
        _ => new MeasuredScoring(
            new(
                "toca",
                SignalOf(Options.Score)!.Value,
                KindOf(Options.Score),
                Options.Score == TokenScore.ValueNorm ? (signal, shape) => ScoreTerms.OfValueNorms(signal, shape, Options.Values) : null)
            {
                InFused = InFused,
            },
            run),
    };
}
