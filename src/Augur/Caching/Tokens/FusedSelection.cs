using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>A choice that both maps of a fused branch share: the output projection is run for the tokens that the hidden layer was run for.</summary>
/// <param name="inner">Chooses for the hidden layer and for all other branches; disposed with this.</param>
internal sealed class FusedSelection(ITokenSelection inner) : ITokenSelection
{
    private int _layer = -1;
    private int[] _tokens = []; // of all rows, for the hidden layer of that block

    public long ByteCount => inner.ByteCount;

    public bool MeetsComputed => inner.MeetsComputed;

    public void Begin(NetworkCall call, bool isDraft) => inner.Begin(call, isDraft);

    public bool Observes(Site site) => inner.Observes(site);

    public void Observe(Site site, Tensor feature) => inner.Observe(site, feature);

    public Signal? Hears(Site site) => inner.Hears(site);

    public void Hear(Site site, Tensor signal) => inner.Hear(site, signal);

    public void Hear(Site site, IndexTable tokens, Tensor signal) => inner.Hear(site, tokens, signal);

    public bool Refreshes(Site site) => inner.Refreshes(site);

    public IndexTable? Select(Site site, Tensor input, Tensor kept)
    {
        if (site.Kind == SiteKind.Projected && site.Layer == _layer)
        {
            var rows = input.Shape[0];
            return _tokens.Length == 0 ? null : IndexTable.From(input.Backend, _tokens, [rows, _tokens.Length / rows]);
        }

        var chosen = inner.Select(site, input, kept);
        (_layer, _tokens) = site.Kind == SiteKind.Hidden ? (site.Layer, chosen?.Indices.ToArray() ?? []) : (_layer, _tokens);
        return chosen;
    }

    public void Merge(Site site, Tensor kept, IndexTable tokens, Tensor fresh)
    {
        if (site.Kind == SiteKind.Projected)
        {
            kept.ScatterTokensInPlace(tokens, fresh);
        }
        else
        {
            inner.Merge(site, kept, tokens, fresh);
        }
    }

    public void Dispose() => inner.Dispose();
}
