namespace Augur.Tensors.Reference;

/// <content>Scores and clusters of tokens.</content>
public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void AttentionColumnSums(Tensor q, Tensor k, int heads, float scale, Tensor sums)
    {
        int queries = q.Shape[1], keys = k.Shape[1], width = q.Shape[2] / heads;
        for (var b = 0; b < sums.Shape[0]; b++)
        {
            var total = new double[keys];
            for (var h = 0; h < heads; h++)
            {
                for (var i = 0; i < queries; i++)
                {
                    var scores = Range(keys)
                        .Select(j => scale * Range(width).Sum(
                            d => Get(q, ((long)b * queries) + i, (h * width) + d) * Get(k, ((long)b * keys) + j, (h * width) + d)))
                        .ToArray();
                    var weights = Array.ConvertAll(scores, s => Math.Exp(s - scores.Max()));
                    for (var j = 0; j < keys; j++)
                    {
                        total[j] += weights[j] / weights.Sum() / heads;
                    }
                }
            }

            for (var j = 0; j < keys; j++)
            {
                Set(sums, b, j, total[j]);
            }
        }
    }

    /// <inheritdoc/>
    public override void HeadNorms(Tensor x, int heads, Tensor norms)
    {
        int tokens = x.Shape[1], width = x.Shape[2] / heads;
        Each(norms, (r, n) =>
        {
            var (entry, head) = Math.DivRem(r, heads);
            return Math.Sqrt(Range(width).Sum(d => Square(Get(x, (entry * tokens) + n, ((int)head * width) + d))));
        });
    }

    /// <inheritdoc/>
    public override void NearestCentroidsL1(Tensor x, Tensor centroids, Tensor labels)
    {
        int tokens = x.Shape[1], clusters = centroids.Shape[1], channels = x.Shape[2];
        for (long r = 0; r < x.Shape.Rows; r++)
        {
            var (nearest, least) = (0, double.PositiveInfinity);
            for (var c = 0; c < clusters; c++)
            {
                var distance = Range(channels).Sum(d => Math.Abs(Get(x, r, d) - Get(centroids, (r / tokens * clusters) + c, d)));
                (nearest, least) = distance < least ? (c, distance) : (nearest, least);
            }

            ((int*)Address(labels))[(r / tokens * labels.RowStride) + (r % tokens)] = nearest;
        }
    }

    /// <inheritdoc/>
    public override void ClusterMeans(Tensor x, Tensor labels, Tensor means)
    {
        const double Tiny = 1e-8;
        RequireBelow(labels, means.Shape[1], nameof(ClusterMeans));
        int tokens = x.Shape[1], clusters = means.Shape[1];
        Each(means, (r, d) =>
        {
            var first = r / clusters * tokens;
            var members = Range(tokens).Where(n => Index(labels, first + n) == r % clusters).ToArray();
            return members.Sum(n => Get(x, first + n, d)) / (members.Length + Tiny);
        });
    }

    /// <inheritdoc/>
    public override void BlendGatheredTokensInPlace(Tensor fresh, Tensor labels, float ratio, Tensor y)
    {
        RequireBelow(labels, fresh.Shape[1], nameof(BlendGatheredTokensInPlace));
        Each(y, (r, c) =>
        {
            var source = (r / y.Shape[1] * fresh.Shape[1]) + Index(labels, r);
            return (ratio * Get(fresh, source, c)) + ((1 - ratio) * Get(y, r, c));
        });
    }
}
