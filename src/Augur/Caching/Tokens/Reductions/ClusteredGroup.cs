using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>The clusters of one group of a sample's tokens. All numbers behind a row are the row's own.</summary>
internal sealed class ClusteredGroup : IDisposable
{
    private readonly TokenRange _range;
    private readonly int _rows;
    private readonly int _count;

    /// <param name="range">Which tokens.</param>
    /// <param name="rows">Rows of the sample.</param>
    /// <param name="count">Clusters of a row; at most as many as there are tokens.</param>
    /// <param name="iterations">Most passes of a clustering.</param>
    public ClusteredGroup(TokenRange range, int rows, int count, int iterations)
    {
        (_range, _rows, _count) = (range, rows, Math.Min(count, range.Count));
        Clusters = new TokenClusters(_count, iterations);
    }

    /// <summary>Clusters of a row.</summary>
    public int Count => _count;

    /// <summary>Which tokens, and how they lie.</summary>
    public TokenRange Range => _range;

    /// <summary>Which tokens.</summary>
    public TokenGroup Group => _range.Group;

    /// <summary>The clusters of the last full call.</summary>
    public TokenClusters Clusters { get; }

    /// <summary>Labels and centroids.</summary>
    public long BytesWith(int channels) => _count == 0 ? 0 : (long)_rows * sizeof(float) * (_range.Count + ((long)_count * channels));

    /// <summary>Clusters the group's tokens of a stream [rows, tokens, channels]; first centroids are drawn with replacement, as released.</summary>
    public void Cluster(Tensor stream, Func<int, float[]> draw)
    {
        var feature = stream.Shape[1] == _range.Count ? stream : stream.Slice(1, _range.First, _range.Count);
        Clusters.Cluster(feature, () => Tensor.From(
            feature.Backend,
            Array.ConvertAll(draw(_rows * _count), u => Math.Min((int)((double)u * _range.Count), _range.Count - 1)),
            [_rows, _count]));
    }

    /// <summary>Of each cluster the token of the largest score, the first of several: [rows · clusters].</summary>
    /// <param name="scores">[rows · tokens].</param>
    public int[] Leaders(float[] scores)
    {
        var labels = Clusters.LabelsOfTokens;
        var chosen = new int[_rows * _count]; // of an empty cluster it stays token 0, as released
        var best = new float[_rows * _count];
        best.AsSpan().Fill(float.NegativeInfinity);
        for (var i = 0; i < scores.Length; i++)
        {
            var (row, token) = Math.DivRem(i, _range.Count);
            var cluster = (row * _count) + labels[i];
            if (scores[i] > best[cluster])
            {
                (best[cluster], chosen[cluster]) = (scores[i], token);
            }
        }

        return chosen;
    }

    public void Dispose() => Clusters.Dispose();

    /// <summary>
    /// The sum of a cluster's fresh values [rows, clusters, channels]. Each has one, but every empty cluster gives token 0's to the cluster that
    /// token 0 is in: the released code sums rather than averages where one token is drawn.
    /// </summary>
    public Tensor Sums(Tensor fresh)
    {
        var (rows, tokens) = (_rows, _range.Count);
        Tensor? sums = null;
        Shape flat = [rows * _count, fresh.Shape[2]];
        for (var row = 0; row < rows; row++)
        {
            var labels = Clusters.LabelsOfTokens.AsSpan(row * tokens, tokens);
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
