using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Settings of <see cref="ClusterReduction"/>.</summary>
public sealed record ClusterReductionOptions
{
    /// <summary>Most passes of one clustering.</summary>
    [Setting("iterations", 1, 10000, Unit = "passes")]
    public int Iterations { get; init => field = Setting.Checked(this, value); } = 100;
}

/// <summary>
/// The output of the last block of a full call is clustered, into as many clusters as tokens are to stay; the token of the largest score stays of
/// each (ClusCa, arXiv 2509.10312).
/// </summary>
internal sealed record ClusterReduction(ClusterReductionOptions Options) : ITokenReduction
{
    internal static readonly SettingList<ClusterReductionOptions> Settings = new("Reduce", "clusters");

    public string Name => Settings.Format(Options);

    public bool IsOfInput => false;

    public bool IsMerging => false;

    public ITokenReducing Open(RunInfo run, double share)
    {
        run.NotNull().Map.RequireChain("Reduce clusters");
        return new ClusterReducing(run, range => (int)(share * range.Count), Options.Iterations, new SeededDraws(run.Seed), trace: null);
    }
}

/// <summary>
/// One sample's clusters, and the tokens that lead them. Where a network keeps picture and text apart, each is clustered for itself.
/// </summary>
internal sealed class ClusterReducing : ITokenReducing
{
    private readonly ClusCaTrace? _trace;
    private readonly IUniformDraws _draws;
    private readonly ClusteredGroup[] _groups;
    private readonly Site _clustered;
    private NetworkCall _call;

    /// <param name="run">The sample's run; its network is a chain of blocks.</param>
    /// <param name="count">Clusters of a group of tokens; at most as many as it has.</param>
    /// <param name="iterations">Most passes of a clustering.</param>
    /// <param name="draws">Where the first centroids come from.</param>
    /// <param name="trace">Who is shown clusters and choices.</param>
    public ClusterReducing(RunInfo run, Func<TokenRange, int> count, int iterations, IUniformDraws draws, ClusCaTrace? trace)
    {
        (_trace, _draws) = (trace, draws);

        // The last block that has a branch of which tokens are computed.
        Site[] refreshed = [.. run.Map.Branches.Select(b => b.Site).Where(site => site.Kind == SiteKind.Mlp)];
        _clustered = Site.Block(refreshed.Select(site => site.Layer).DefaultIfEmpty(run.Map.BlockCount - 1).Max());
        var isApart = refreshed.Any(site => site.Group != TokenGroup.All);
        TokenRange[] together = [run.Map.Tokens.Length == 1 ? run.Map.Tokens[0] with { Group = TokenGroup.All }
            : new TokenRange(TokenGroup.All, 0, run.Map.Stream[0], [run.Map.Stream[0]])];
        _groups = Array.ConvertAll(
            isApart ? [.. run.Map.Tokens] : together, range => new ClusteredGroup(range, run.RowCount, count(range), iterations));
        ByteCount = _groups.Sum(group => group.BytesWith(run.Map.Stream[1]));
    }

    /// <summary>Labels and centroids; counted from the beginning, so that a budget leaves room for them.</summary>
    public long ByteCount { get; }

    /// <summary>The clusters of the last full call; of the first group where there are several.</summary>
    public TokenClusters Clusters => _groups[0].Clusters;

    public void Begin(NetworkCall call) => _call = call;

    public bool Observes(Site site) => site == _clustered && Array.Exists(_groups, group => group.Count > 0);

    public void Observe(Site site, Tensor feature)
    {
        foreach (var group in _groups.Where(group => group.Count > 0))
        {
            group.Cluster(feature, count => _draws.Draw(_call.CallIndex, _clustered with { Group = group.Group }, count));
            _trace?.OnClusters(_call.CallIndex, group.Group, group.Clusters);
        }
    }

    public TokenPlan Reduce(TokenView view, float[] scores, int count)
    {
        var group = GroupOf(view.Site);
        var chosen = group.Leaders(scores);
        _trace?.OnChoice(_call.CallIndex, view.Site, chosen);
        return PlanOf(view.Site, IndexTable.From(view.Input.Backend, chosen, [view.Rows, chosen.Length / view.Rows]));
    }

    /// <summary>What it means that these tokens are computed, one of each cluster: [rows, clusters].</summary>
    public TokenPlan PlanOf(Site site, IndexTable chosen) => new Plan(chosen, GroupOf(site));

    public void Dispose() => Array.ForEach(_groups, group => group.Dispose());

    /// <summary>The group that a branch's tokens belong to.</summary>
    public ClusteredGroup GroupOf(Site site) => Array.Find(_groups, group => group.Group == site.Group) ?? _groups[0];

    // Each cluster's token stands for the others of it.
    private sealed class Plan(IndexTable kept, ClusteredGroup group) : TokenPlan(kept, () => IndexTable.From(group.Clusters.Labels))
    {
        public override Tensor Given(Tensor fresh) => group.Sums(fresh);
    }
}
