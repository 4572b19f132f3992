using Augur.Tensors;

namespace Augur.Conditioning.Text;

/// <summary>
/// T5's relative positions (Raffel et al., 2020, section 2.1): distances fall into buckets, finer near by, and each has a bias per head.
/// </summary>
internal static class RelativePositions
{
    /// <summary>The bucket of a distance, where both directions count.</summary>
    /// <param name="distance">Position of the key less that of the query.</param>
    /// <param name="buckets">Number of buckets, even.</param>
    /// <param name="maxDistance">From here on all distances share the last bucket of their direction.</param>
    public static int Bucket(int distance, int buckets, int maxDistance)
    {
        var half = buckets / 2;
        var (first, far) = (distance > 0 ? half : 0, Math.Abs(distance));
        var exact = half / 2;
        if (far < exact)
        {
            return first + far;
        }

        // In single precision, as in the original: a distance on a border falls on the side where it falls there.
        var step = MathF.Log(far / (float)exact) / (float)Math.Log(maxDistance / (double)exact) * (half - exact);
        return first + Math.Min(half - 1, exact + (int)step);
    }

    /// <summary>The bias of every pair of positions: [heads, length, length].</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="table">[buckets, heads], heads fastest.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="length">Number of positions.</param>
    /// <param name="maxDistance">As above.</param>
    public static Tensor Bias(IBackend backend, ReadOnlySpan<float> table, int heads, int length, int maxDistance)
    {
        var buckets = table.Length / heads;
        var byDistance = new float[(2 * length) - 1]; // from −(length − 1) on
        var bias = Tensor.Empty(backend, [heads, length, length]);
        var ofHead = new float[length * length];
        for (var head = 0; head < heads; head++)
        {
            for (var i = 0; i < byDistance.Length; i++)
            {
                byDistance[i] = table[(Bucket(i - length + 1, buckets, maxDistance) * heads) + head];
            }

            for (var query = 0; query < length; query++)
            {
                byDistance.AsSpan(length - 1 - query, length).CopyTo(ofHead.AsSpan(query * length));
            }

            using var scope = TensorScope.Begin();
            bias.Rows(head, 1).CopyFromInPlace(Tensor.From(backend, ofHead, [1, length, length]));
        }

        return bias;
    }
}
