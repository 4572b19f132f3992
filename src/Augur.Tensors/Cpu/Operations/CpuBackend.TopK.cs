namespace Augur.Tensors.Cpu;

/// <content>Selection of the largest scores.</content>
public sealed unsafe partial class CpuBackend
{
    private const int MostSelectionTiles = 32; // each has its own keys in the scratch

    /// <inheritdoc/>
    /// <remarks>Selects in linear time (Hoare's quickselect), then sorts the k that were selected.</remarks>
    public override void TopK(Tensor scores, int k, Tensor indices)
    {
        int rows = scores.Shape[0], n = scores.Shape[1];
        if (rows == 0 || k == 0)
        {
            return;
        }

        var walk = RowWalk.ByRow(scores.Shape);
        var tiles = walk.Tiles == 1 ? 1 : Math.Min(rows, MostSelectionTiles);
        using var scratch = new Scratch(this, (long)tiles * n * sizeof(ulong));
        RunPlain(
            new SelectionKernel
            {
                Scores = (float*)Address(scores),
                ScoreStride = scores.RowStride,
                Indices = (int*)Address(indices),
                IndexStride = indices.RowStride,
                Keys = (ulong*)scratch.Pointer,
                Rows = rows,
                RowsPerTile = (rows + tiles - 1) / tiles,
                Count = n,
                Selected = k,
            },
            tiles);
        GC.KeepAlive(scores);
        GC.KeepAlive(indices);
    }

    private struct SelectionKernel : IPlainTileKernel
    {
        private const int SortedAtOnce = 32;

        public float* Scores;
        public long ScoreStride;
        public int* Indices;
        public long IndexStride;
        public ulong* Keys;
        public int Rows;
        public int RowsPerTile;
        public int Count;
        public int Selected;

        public readonly void Run(int tile)
        {
            var keys = new Span<ulong>(Keys + ((long)tile * Count), Count);
            for (var row = tile * RowsPerTile; row < Math.Min(Rows, (tile + 1) * RowsPerTile); row++)
            {
                var scores = Scores + (row * ScoreStride);
                for (var i = 0; i < keys.Length; i++)
                {
                    keys[i] = Key(scores[i], i);
                }

                MoveSmallestToFront(keys, Selected);
                keys[..Selected].Sort();
                for (var i = 0; i < Selected; i++)
                {
                    Indices[(row * IndexStride) + i] = (int)(uint)keys[i];
                }
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
}
