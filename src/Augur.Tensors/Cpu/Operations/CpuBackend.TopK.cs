namespace Augur.Tensors.Cpu;

/// <content>Selection of the largest scores.</content>
public sealed unsafe partial class CpuBackend
{
    private const int MostSelectionTiles = 32; // each has its own keys in the scratch

    /// <inheritdoc/>
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
                LargestScores.Write(
                    new ReadOnlySpan<float>(Scores + (row * ScoreStride), Count), keys, new Span<int>(Indices + (row * IndexStride), Selected));
            }
        }
    }
}
