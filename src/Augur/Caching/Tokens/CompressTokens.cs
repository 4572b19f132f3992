using Augur.Notation;

namespace Augur.Caching.Tokens;

/// <summary>Settings of <see cref="CompressTokens"/>.</summary>
public sealed record CompressTokensOptions
{
    /// <summary>What makes a token matter.</summary>
    [Setting("score", Catalog = typeof(TokenScores))]
    public ITokenScore Score { get; init; } = new RandomScore();

    /// <summary>Which tokens are computed, by their scores.</summary>
    [Setting("reduce", Catalog = typeof(TokenReductions))]
    public ITokenReduction Reduce { get; init; } = TopReduction.Instance;

    /// <summary>What the others get.</summary>
    [Setting("recover", Catalog = typeof(TokenRecoveries))]
    public ITokenRecovery Recover { get; init; } = KeepRecovery.Instance;

    /// <summary>Share of the tokens that is computed; less than one token is none.</summary>
    [Setting("keep", 0, 1)]
    public double Keep { get; init => field = Setting.Checked(this, value); } = 0.1;
}

/// <summary>Any score with any reduction and any recovery: what the published methods are made of, in other pairs.</summary>
public sealed record CompressTokens : ITokenSelector
{
    internal static readonly SettingList<CompressTokensOptions> Settings = new("Tokens", "compress");

    /// <summary>A choice with these parts.</summary>
    /// <exception cref="ArgumentException">The reduction merges, which feed-forward branches are not computed for.</exception>
    public CompressTokens(CompressTokensOptions options)
    {
        Options = options.NotNull();
        if (options.Reduce.IsMerging)
        {
            throw new ArgumentException(
                $"Tokens compress: reduce={options.Reduce.Name} computes means of tokens, which attention alone can be; reduce is top, draw, spread, "
                + "prune or clusters, and policy compress merges.");
        }
    }

    /// <summary>The parts.</summary>
    public CompressTokensOptions Options { get; }

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public ITokenSelection Open(RunInfo run)
    {
        var reducing = Options.Reduce.Open(run, Options.Keep);
        return new ComposedSelection(
            Options.Score.Open(run), reducing, Options.Recover, site => site.Kind == SiteKind.Mlp, view => (int)(view.Tokens * Options.Keep));
    }
}
