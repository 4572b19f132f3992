using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>
/// Clusters of a sample's tokens: k-means with the Manhattan distance, each row for itself, begun where the clustering before ended (ClusCa,
/// arXiv 2509.10312; stopping and empty clusters as released).
/// </summary>
/// <param name="count">Clusters of a row, at least 1.</param>
/// <param name="iterations">Most assignments of one clustering, at least 1.</param>
internal sealed class TokenClusters(int count, int iterations) : IDisposable
{
    // Where the released code calls two centroids the same.
    private const float Absolute = 1e-8f;
    private const float Relative = 1e-4f;

    private Tensor? _centroids;
    private Tensor? _labels;

    /// <summary>The cluster of each token, Int32 [rows, tokens].</summary>
    public Tensor Labels => _labels ?? throw new InvalidOperationException("No tokens have been clustered yet.");

    /// <summary>The same on the host, tokens fastest.</summary>
    public int[] LabelsOfTokens { get; private set; } = [];

    /// <summary>[rows, clusters, channels], channels fastest; an empty cluster's lies at the origin.</summary>
    public float[] Centroids { get; private set; } = [];

    /// <summary>Assignments that the last clustering took.</summary>
    public int Passes { get; private set; }

    /// <summary>Clusters tokens [rows, tokens, channels].</summary>
    /// <param name="tokens">What is clustered.</param>
    /// <param name="first">The tokens at which centroids begin, Int32 [rows, clusters]; asked for at the first clustering.</param>
    public void Cluster(Tensor tokens, Func<Tensor> first)
    {
        using var scope = TensorScope.Begin();
        var centroids = _centroids ?? tokens.GatherTokens(first());
        Tensor? labels = null;
        var values = centroids.ToArray();
        for (Passes = 0; Passes < iterations;)
        {
            Passes++;
            labels = tokens.NearestCentroidsL1(centroids);
            var means = tokens.ClusterMeans(labels, count);
            var moved = means.ToArray(); // small, but a read from the device each time: the stopping rule is the method's
            if (AreClose(values, moved))
            {
                break; // as released, the centroids before the last assignment stay
            }

            (centroids, values) = (means, moved);
        }

        LabelsOfTokens = labels!.ToInt32Array();
        Centroids = values;
        Replace(ref _labels, labels);
        Replace(ref _centroids, centroids);
    }

    public void Dispose()
    {
        _centroids?.Dispose();
        _labels?.Dispose();
    }

    private static void Replace(ref Tensor? kept, Tensor value)
    {
        if (kept != value)
        {
            kept?.Dispose();
            kept = value.Retain();
        }
    }

    private static bool AreClose(float[] before, float[] after)
    {
        for (var i = 0; i < before.Length; i++)
        {
            if (!(Math.Abs(before[i] - after[i]) <= Absolute + (Relative * Math.Abs(after[i]))))
            {
                return false;
            }
        }

        return true;
    }
}
