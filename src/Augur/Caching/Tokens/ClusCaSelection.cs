using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>
/// One sample's clusters, and the tokens drawn from them. Where a network keeps picture and text apart, each is clustered for itself.
/// </summary>
internal sealed class ClusCaSelection : ITokenSelection
{
    private readonly ClusCaTokensOptions _options;
    private readonly ClusCaTrace? _trace;
    private readonly IUniformDraws _draws;
    private readonly ClusteredGroup[] _groups;
    private readonly Site _clustered;
    private NetworkCall _call;

    public ClusCaSelection(ClusCaTokensOptions options, RunInfo run, ClusCaTrace? trace)
    {
        (_options, _trace, _draws) = (options, trace, trace?.Draws ?? new SeededDraws(run.Seed));

        // The last block that has a branch of which tokens are computed.
        Site[] refreshed = [.. run.Map.Branches.Select(b => b.Site).Where(site => site.Kind == SiteKind.Mlp)];
        _clustered = Site.Block(refreshed.Select(site => site.Layer).DefaultIfEmpty(run.Map.BlockCount - 1).Max());
        var isApart = refreshed.Any(site => site.Group != TokenGroup.All);
        TokenRange[] together = [run.Map.Tokens.Length == 1 ? run.Map.Tokens[0] with { Group = TokenGroup.All }
            : new TokenRange(TokenGroup.All, 0, run.Map.Stream[0], [run.Map.Stream[0]])];
        _groups = Array.ConvertAll(
            isApart ? [.. run.Map.Tokens] : together,
            range => new ClusteredGroup(range, run.RowCount, options, options.Region?.Of(run, range, range.Count)));
        ByteCount = _groups.Sum(group => group.BytesWith(run.Map.Stream[1]));
    }

    /// <summary>Labels and centroids; counted from the beginning, so that a budget leaves room for them.</summary>
    public long ByteCount { get; }

    /// <summary>The clusters of the last full call; of the first group where there are several.</summary>
    public TokenClusters Clusters => _groups[0].Clusters;

    public bool MeetsComputed => _options.Exact;

    public void Begin(NetworkCall call, bool isDraft) => _call = call;

    public bool Observes(Site site) => site == _clustered && _options.Clusters > 0;

    public void Observe(Site site, Tensor feature)
    {
        foreach (var group in _groups)
        {
            group.Cluster(feature, count => _draws.Draw(_call.CallIndex, _clustered with { Group = group.Group }, count));
            _trace?.OnClusters(_call.CallIndex, group.Group, group.Clusters);
        }
    }

    public IndexTable? Select(Site site, Tensor input, Tensor kept)
    {
        var chosen = GroupOf(site).Choose(count => _draws.Draw(_call.CallIndex, site, count));
        if (chosen is not null)
        {
            _trace?.OnChoice(_call.CallIndex, site, chosen);
        }

        return chosen is null ? null : IndexTable.From(input.Backend, chosen, [input.Shape[0], chosen.Length / input.Shape[0]]);
    }

    public void Merge(Site site, Tensor kept, IndexTable tokens, Tensor fresh)
    {
        kept.ScatterTokensInPlace(tokens, fresh);
        if (_options.Propagation > 0 && site.Group != TokenGroup.Text) // released: of the picture only
        {
            var group = GroupOf(site);
            kept.BlendGatheredTokensInPlace(group.Sums(fresh), group.Clusters.Labels, (float)_options.Propagation);
        }
    }

    public void Dispose() => Array.ForEach(_groups, group => group.Dispose());

    private ClusteredGroup GroupOf(Site site) => Array.Find(_groups, group => group.Group == site.Group) ?? _groups[0];
}
