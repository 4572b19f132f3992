using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>One sample's clusters, and the tokens drawn from them. All numbers behind a row are the row's own.</summary>
internal sealed class ClusCaSelection : ITokenSelection
{
    private readonly ClusCaTokensOptions _options;
    private readonly ClusCaTrace? _trace;
    private readonly IUniformDraws _draws;
    private readonly TokenClusters _clusters;
    private readonly Site _clustered;
    private readonly int _count;
    private readonly (int Rows, int Tokens) _shape;
    private NetworkCall _call;

    public ClusCaSelection(ClusCaTokensOptions options, RunInfo run, ClusCaTrace? trace)
    {
        (_options, _trace, _draws) = (options, trace, trace?.Draws ?? new SeededDraws(run.Seed));
        var stream = run.Map.Stream;
        _shape = (run.RowCount, stream[0]);
        _count = Math.Min(options.Clusters, stream[0]);
        _clustered = run.Map.LastBlock;
        _clusters = new TokenClusters(_count, options.Iterations);
        ByteCount = _count == 0 ? 0 : (long)run.RowCount * sizeof(float) * (stream[0] + ((long)_count * stream[1]));
    }

    /// <summary>Labels and centroids; counted from the beginning, so that a budget leaves room for them.</summary>
    public long ByteCount { get; }

    /// <summary>The clusters of the last full call.</summary>
    public TokenClusters Clusters => _clusters;

    public bool MeetsComputed => _options.Exact;

    public void Begin(NetworkCall call, bool isDraft) => _call = call;

    public bool Observes(Site site) => _count > 0 && site == _clustered;

    public void Observe(Site site, Tensor feature)
    {
        _clusters.Cluster(feature, () => FirstCentroids(feature));
        _trace?.OnClusters(_call.CallIndex, _clusters);
    }

    public IndexTable? Select(Site site, Tensor input, Tensor kept)
    {
        if (_count == 0)
        {
            return null;
        }

        var (rows, tokens) = _shape;
        var chances = _draws.Draw(_call.CallIndex, site, rows * tokens);
        var labels = _clusters.LabelsOfTokens;
        var chosen = new int[rows * _count]; // of an empty cluster it stays token 0, as released
        var best = new float[rows * _count];
        best.AsSpan().Fill(-1);
        for (var i = 0; i < chances.Length; i++)
        {
            var (row, token) = Math.DivRem(i, tokens);
            var cluster = (row * _count) + labels[i];
            if (chances[i] > best[cluster])
            {
                (best[cluster], chosen[cluster]) = (chances[i], token);
            }
        }

        _trace?.OnChoice(_call.CallIndex, site, chosen);
        return IndexTable.From(input.Backend, chosen, [rows, _count]);
    }

    public void Merge(Site site, Tensor kept, IndexTable tokens, Tensor fresh)
    {
        kept.ScatterTokensInPlace(tokens, fresh);
        if (_options.Propagation > 0)
        {
            kept.BlendGatheredTokensInPlace(Sums(fresh), _clusters.Labels, (float)_options.Propagation);
        }
    }

    public void Dispose() => _clusters.Dispose();

    // Drawn with replacement, as released.
    private Tensor FirstCentroids(Tensor feature)
    {
        var (rows, tokens) = _shape;
        var draws = _draws.Draw(_call.CallIndex, _clustered, rows * _count);
        return Tensor.From(feature.Backend, Array.ConvertAll(draws, u => Math.Min((int)((double)u * tokens), tokens - 1)), [rows, _count]);
    }

    // The sum of a cluster's fresh values [rows, clusters, channels]. Each has one, but every empty cluster gives token 0's to the cluster that
    // token 0 is in: the released code sums rather than averages where one token is drawn.
    private Tensor Sums(Tensor fresh)
    {
        var (rows, tokens) = _shape;
        Tensor? sums = null;
        Shape flat = [rows * _count, fresh.Shape[2]];
        for (var row = 0; row < rows; row++)
        {
            var labels = _clusters.LabelsOfTokens.AsSpan(row * tokens, tokens);
            var filled = new bool[_count];
            foreach (var label in labels)
            {
                filled[label] = true;
            }

            var empty = filled.Count(f => !f);
            if (empty > 0)
            {
                sums ??= fresh.Copy();
                var (home, first) = ((row * _count) + labels[0], (row * _count) + Array.IndexOf(filled, false));
                sums.Reshape(flat).Rows(home, 1).CombineInPlace([fresh.Reshape(flat).Rows(home, 1), fresh.Reshape(flat).Rows(first, 1)], [1, empty]);
            }
        }

        return sums ?? fresh;
    }
}
