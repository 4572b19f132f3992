using Augur.Notation;

namespace Augur.Caching.Tokens;

/// <summary>Settings of <see cref="ClusCaTokens"/>; the defaults are the released ones for DiT-XL/2.</summary>
public sealed record ClusCaTokensOptions
{
    /// <summary>Clusters of a row, in each of which one token is computed; at most as many as there are tokens. HunyuanVideo has 32.</summary>
    [Setting("k", 0, 65536, Unit = "clusters")]
    public int Clusters { get; init => field = Setting.Checked(this, value); } = 16;

    /// <summary>Share of its cluster's fresh value that every token takes on (γ). HunyuanVideo has 0.01.</summary>
    [Setting("gamma", 0, 1)]
    public double Propagation { get; init => field = Setting.Checked(this, value); } = 0.005;

    /// <summary>Most passes of one clustering. FLUX and HunyuanVideo have 10.</summary>
    [Setting("iterations", 1, 10000, Unit = "passes")]
    public int Iterations { get; init => field = Setting.Checked(this, value); } = 100;

    /// <summary>
    /// How much more likely tokens in and around the region that a request changes are drawn from their cluster; the word none for all alike.
    /// </summary>
    [Setting("region", Catalog = typeof(RegionWeights), None = "none")]
    public RegionWeights? Region { get; init; }

    /// <summary>
    /// Whether the forecast of a computed token is what was computed. As released it is not: the fresh value takes the place of the last full
    /// call's, and the forecast's differences are added to it once more.
    /// </summary>
    [Setting("exact")]
    public bool Exact { get; init; }
}

/// <summary>
/// ClusCa's tokens (arXiv 2509.10312): the output of the last block of a full call (of the last that has feed-forward branches of its own) is
/// clustered; afterwards every branch computes one token drawn from each cluster, and passes a share of its value on to the others.
/// </summary>
public sealed record ClusCaTokens(ClusCaTokensOptions Options) : ITokenSelector
{
    internal static readonly SettingList<ClusCaTokensOptions> Settings = new("Tokens", "clusca");

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <summary>What another implementation drew, and where what we chose is shown; null: draws from the sample's seed.</summary>
    internal ClusCaTrace? Trace { get; init; }

    /// <inheritdoc/>
    public ITokenSelection Open(RunInfo run)
    {
        run.NotNull().Map.RequireChain("Tokens clusca");
        var draws = Trace?.Draws ?? new SeededDraws(run.Seed);
        var clusters = new ClusterReducing(run, _ => Options.Clusters, Options.Iterations, draws, Trace);
        return new ComposedSelection(
            new Scoring(draws, run, Options.Region, clusters),
            clusters,
            new BlendRecovery(new() { Share = Options.Propagation }),
            site => site.Kind == SiteKind.Mlp,
            _ => Options.Clusters)
        { MeetsComputed = Options.Exact };
    }

    // A draw for each token of each row, those of the region more likely the largest.
    private sealed class Scoring(IUniformDraws draws, RunInfo run, RegionWeights? region, ClusterReducing clusters) : ITokenScoring
    {
        private readonly Dictionary<TokenGroup, float[]?> _weights = [];

        public float[] Of(TokenView view)
        {
            var range = clusters.GroupOf(view.Site).Range;
            if (!_weights.TryGetValue(range.Group, out var weights))
            {
                _weights[range.Group] = weights = region?.Of(run, range, range.Count);
            }

            var chances = draws.Draw(view.Call.CallIndex, view.Site, view.Rows * range.Count);
            ScoreTerms.WeighInPlace(chances, weights);
            return chances;
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>For replays: where draws come from, and who is shown clusters and choices.</summary>
/// <param name="Draws">Uniform numbers.</param>
/// <param name="OnClusters">After a clustering: call, group of tokens and clusters.</param>
/// <param name="OnChoice">After a choice: call, branch, and the tokens, [rows, clusters] with clusters fastest.</param>
internal sealed record ClusCaTrace(IUniformDraws Draws, Action<int, TokenGroup, TokenClusters> OnClusters, Action<int, Site, int[]> OnChoice);
