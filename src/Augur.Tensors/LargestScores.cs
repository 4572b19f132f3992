namespace Augur.Tensors;

/// <summary>
/// Positions of the largest scores of a row that lies on the host, in the order of <see cref="IBackend.TopK"/>: in linear time (Hoare's quickselect),
/// then the selected ones are sorted.
/// </summary>
internal static class LargestScores
{
    private const int SortedAtOnce = 32;

    /// <summary>Writes as many positions as there is room for.</summary>
    /// <param name="scores">A row.</param>
    /// <param name="keys">Room for a key for each score.</param>
    /// <param name="positions">Is filled, largest first.</param>
    public static void Write(ReadOnlySpan<float> scores, Span<ulong> keys, Span<int> positions)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = Key(scores[i], i);
        }

        MoveSmallestToFront(keys, positions.Length);
        keys[..positions.Length].Sort();
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = (int)(uint)keys[i];
        }
    }

    // Ascending keys are descending scores, NaN first, then ascending positions; no two keys are equal.
    private static ulong Key(float score, int position)
    {
        var bits = BitConverter.SingleToInt32Bits(score + 0f); // −0 becomes 0
        var ascending = (uint)(bits ^ ((bits >> 31) | int.MinValue));
        return ((ulong)(float.IsNaN(score) ? 0 : ~ascending) << 32) | (uint)position;
    }

    private static void MoveSmallestToFront(Span<ulong> keys, int count)
    {
        int begin = 0, end = keys.Length;
        for (var rounds = 4 * int.Log2(keys.Length); end - begin > SortedAtOnce && begin < count && count < end; rounds--)
        {
            if (rounds == 0)
            {
                keys[begin..end].Sort(); // the pivots were unlucky: no quadratic time
                return;
            }

            var split = begin + Partition(keys[begin..end]);
            (begin, end) = count <= split ? (begin, split) : (split, end);
        }

        if (begin < count && count < end)
        {
            keys[begin..end].Sort();
        }
    }

    // Keys before the result are smaller than all others; both parts have at least one. Needs three distinct keys.
    private static int Partition(Span<ulong> keys)
    {
        var (first, middle, last) = (keys[0], keys[keys.Length / 2], keys[^1]);
        var pivot = Math.Max(Math.Min(first, middle), Math.Min(Math.Max(first, middle), last)); // the median
        int i = 0, j = keys.Length - 1;
        while (true)
        {
            while (keys[i] < pivot)
            {
                i++;
            }

            while (keys[j] > pivot)
            {
                j--;
            }

            if (i >= j)
            {
                return i;
            }

            (keys[i], keys[j]) = (keys[j], keys[i]);
            i++;
            j--;
        }
    }
}
