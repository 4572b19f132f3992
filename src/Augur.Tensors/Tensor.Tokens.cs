namespace Augur.Tensors;

/// <content>Scores and clusters of tokens, for token-wise caching methods.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// How much attention each key receives from these queries [batch, queries, channels]: Σ over queries of softmax(q kᵀ / √headChannels), averaged
    /// over heads, [batch, keys]. The sums of an entry add up to its number of queries (the attention score of ToCa, arXiv 2410.05317). Halves are
    /// widened to a copy first.
    /// </summary>
    /// <param name="keys">[batch, keys, channels].</param>
    /// <param name="heads">Number of heads; the channels of one head are contiguous.</param>
    public Tensor AttentionColumnSums(Tensor keys, int heads)
    {
        RequireActivation(nameof(AttentionColumnSums));
        keys.NotNull().RequireActivation(nameof(AttentionColumnSums));
        if (Shape.Rank != 3 || keys.Shape.Rank != 3 || keys.Shape[0] != Shape[0] || keys.Shape[2] != Shape[2] || heads < 1 || Shape[2] < 1
            || Shape[2] % heads != 0)
        {
            throw new ArgumentException($"AttentionColumnSums: queries {Shape}, keys {keys.Shape} and {heads} heads do not fit.");
        }

        var sums = Empty(Backend, [Shape[0], keys.Shape[1]]);
        using var wide = TensorScope.Begin();
        Backend.AttentionColumnSums(InType(DType.Float32), keys.InType(DType.Float32), heads, 1 / MathF.Sqrt(Shape[2] / heads), sums);
        return sums;
    }

    /// <summary>
    /// How evenly each of these queries [batch, queries, channels] reads the keys: −Σ over keys of p · ln(p + 1e-7), where p is softmax(q kᵀ /
    /// √headChannels) averaged over heads, [batch, queries] (the cross-attention score of ToCa, arXiv 2410.05317). For few keys, such as those of a
    /// text: the averaged map is formed, and read from the device.
    /// </summary>
    /// <param name="keys">[batch, keys, channels].</param>
    /// <param name="heads">Number of heads; the channels of one head are contiguous.</param>
    /// <param name="keyCounts">[batch]: how many keys of each entry there are, 1 to keys; null: all.</param>
    public Tensor AttentionEntropies(Tensor keys, int heads, IndexTable? keyCounts = null)
    {
        const double Least = 1e-7; // as released
        ArgumentNullException.ThrowIfNull(keys);
        if (Shape.Rank != 3 || keys.Shape.Rank != 3 || keys.Shape[2] != Shape[2] || heads < 1 || Shape[2] < 1 || Shape[2] % heads != 0)
        {
            throw new ArgumentException($"AttentionEntropies: queries {Shape}, keys {keys.Shape} and {heads} heads do not fit.");
        }

        using var scope = TensorScope.Begin();
        int batch = Shape[0], queries = Shape[1], count = keys.Shape[1], width = Shape[2] / heads;
        var entropies = new double[batch * queries];
        for (var first = 0; first < count; first += width)
        {
            // Values that are the unit vectors of a head give the map itself, as many of its columns as a head has channels.
            using var part = TensorScope.Begin();
            var columns = AttendTo(keys, UnitValues(first), heads, new AttentionOptions(KeyCounts: keyCounts));
            var shares = new float[heads];
            Array.Fill(shares, 1f / heads);
            var map = Combine([.. Enumerable.Range(0, heads).Select(head => columns.Chunk(head, heads))], shares).ToArray();
            for (var i = 0; i < map.Length; i++)
            {
                entropies[i / width] -= map[i] * Math.Log(map[i] + Least);
            }
        }

        return From(Backend, Array.ConvertAll(entropies, e => (float)e), [batch, queries]).Escape();

        Tensor UnitValues(int first)
        {
            var values = new float[batch * count * Shape[2]];
            for (var entry = 0; entry < batch; entry++)
            {
                for (var i = 0; i < Math.Min(width, count - first) * heads; i++)
                {
                    var (key, head) = Math.DivRem(i, heads);
                    values[(((entry * count) + first + key) * Shape[2]) + (head * width) + key] = 1;
                }
            }

            return From(Backend, values, keys.Shape);
        }
    }

    /// <summary>
    /// The Euclidean norm of each token's part in each head: [batch, tokens, channels] → [batch, heads, tokens]; halves are widened first.
    /// </summary>
    /// <param name="heads">Number of heads; the channels of one head are contiguous.</param>
    public Tensor HeadNorms(int heads)
    {
        RequireActivation(nameof(HeadNorms));
        if (Shape.Rank != 3 || heads < 1 || Shape[2] % heads != 0)
        {
            throw new ArgumentException($"HeadNorms: {Shape} does not divide into {heads} heads.");
        }

        var norms = Empty(Backend, [Shape[0], heads, Shape[1]]);
        using var wide = TensorScope.Begin();
        Backend.HeadNorms(InType(DType.Float32), heads, norms);
        return norms;
    }

    /// <summary>The Euclidean norm of each token: [batch, tokens, channels] → [batch, tokens].</summary>
    public Tensor TokenNorms() => HeadNorms(1).Reshape([Shape[0], Shape[1]]);

    /// <summary>
    /// One error per token between this forecast [batch, tokens, channels] and what was computed, token fastest; a device-to-host read.
    /// With <see cref="ErrorMeasure.Cosine"/> it is ToCa's score of dissimilarity, 1 − cos(x, y).
    /// </summary>
    public double[] TokenErrorsFrom(Tensor computed, ErrorMeasure measure)
    {
        RequireType(DType.Float32, nameof(TokenErrorsFrom));
        computed.NotNull().RequireType(DType.Float32, nameof(TokenErrorsFrom));
        RequireSameShape(computed, nameof(TokenErrorsFrom));
        if (Shape.Rank != 3)
        {
            throw new ArgumentException($"TokenErrorsFrom: {Shape} is not [batch, tokens, channels].");
        }

        Shape tokens = [checked((int)Shape.Rows), Shape.Columns];
        using var x = Reshape(tokens);
        using var y = computed.Reshape(tokens);
        return x.ErrorsFrom(y, measure);
    }

    /// <summary>
    /// The nearest centroid of each of these tokens [batch, tokens, channels] by the sum of absolute differences (ClusCa, arXiv 2509.10312,
    /// released code), the lowest on ties: Int32 [batch, tokens].
    /// </summary>
    /// <param name="centroids">[batch, clusters, channels], at least one cluster.</param>
    public Tensor NearestCentroidsL1(Tensor centroids)
    {
        RequireType(DType.Float32, nameof(NearestCentroidsL1));
        centroids.NotNull().RequireType(DType.Float32, nameof(NearestCentroidsL1));
        RequireClusters(centroids, nameof(NearestCentroidsL1));
        var labels = Empty(Backend, [Shape[0], Shape[1]], DType.Int32);
        Backend.NearestCentroidsL1(this, centroids, labels);
        return labels;
    }

    /// <summary>
    /// Sum of the tokens [batch, tokens, channels] of each cluster over their number + 1e-8 (ClusCa, released code); an empty cluster's mean is 0:
    /// [batch, clusters, channels].
    /// </summary>
    /// <param name="labels">Int32 [batch, tokens], each below <paramref name="clusters"/>.</param>
    /// <param name="clusters">Number of clusters, at least 1.</param>
    public Tensor ClusterMeans(Tensor labels, int clusters)
    {
        RequireType(DType.Float32, nameof(ClusterMeans));
        if (clusters < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(clusters), $"ClusterMeans: {clusters} clusters of {Shape}.");
        }

        RequireLabels(labels.NotNull(), nameof(ClusterMeans));
        var means = Empty(Backend, Shape.With(1, clusters));
        Backend.ClusterMeans(this, labels, means);
        return means;
    }

    /// <summary>
    /// Moves each of these tokens [batch, tokens, channels] towards the fresh value of its cluster (ClusCa, arXiv 2509.10312):
    /// ratio · fresh[b, labels[b, n]] + (1 − ratio) · this[b, n].
    /// </summary>
    /// <param name="fresh">[batch, clusters, channels]; Float32 or BFloat16, as this tensor, each by itself.</param>
    /// <param name="labels">Int32 [batch, tokens], each below clusters.</param>
    /// <param name="ratio">The share of the fresh value, γ: finite, usually 0 to 1.</param>
    public void BlendGatheredTokensInPlace(Tensor fresh, Tensor labels, float ratio)
    {
        RequireClusters(fresh.NotNull(), nameof(BlendGatheredTokensInPlace));
        RequireLabels(labels.NotNull(), nameof(BlendGatheredTokensInPlace));
        foreach (var operand in (ReadOnlySpan<Tensor>)[this, fresh])
        {
            if (operand.Type is not (DType.Float32 or DType.BFloat16))
            {
                throw new ArgumentException($"BlendGatheredTokensInPlace: tokens are Float32 or BFloat16, not {operand}.");
            }
        }

        if (!float.IsFinite(ratio))
        {
            throw new ArgumentOutOfRangeException(nameof(ratio), $"BlendGatheredTokensInPlace: a ratio of {ratio} for {Shape}.");
        }

        Backend.BlendGatheredTokensInPlace(fresh, labels, ratio, this);
    }

    private void RequireClusters(Tensor clusters, string operation)
    {
        if (Shape.Rank != 3 || clusters.Shape.Rank != 3 || clusters.Shape[0] != Shape[0] || clusters.Shape[1] < 1 || clusters.Shape[2] != Shape[2])
        {
            throw new ArgumentException($"{operation}: tokens {Shape} and clusters {clusters.Shape} do not fit.");
        }
    }

    private void RequireLabels(Tensor labels, string operation)
    {
        labels.RequireType(DType.Int32, operation);
        if (Shape.Rank != 3 || labels.Shape != new Shape(Shape[0], Shape[1]))
        {
            throw new ArgumentException($"{operation}: labels {labels.Shape} do not fit tokens {Shape}.");
        }
    }
}
