namespace Augur.Tensors.Cpu;

/// <content>Column sums of the attention map.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    /// <remarks>Queries are summed in tiles of a fixed size, then tiles and heads in order: neither threads nor the batch change a bit.</remarks>
    public override void AttentionColumnSums(Tensor q, Tensor k, int heads, float scale, Tensor sums)
    {
        if (sums.Shape.ElementCount == 0)
        {
            return;
        }

        if (q.Shape[1] == 0)
        {
            Fill(sums, 0);
            return;
        }

        var work = new AttentionWork
        {
            Q = (float*)Address(q),
            K = (float*)Address(k),
            QStride = q.RowStride,
            KStride = k.RowStride,
            Batch = q.Shape[0],
            Heads = heads,
            Queries = q.Shape[1],
            Keys = k.Shape[1],
            Width = q.Shape[2] / heads,
            Scale = scale,
            Kernels = MicroKernels.For(Options.Path),
        };
        delegate*<void*, int, void> tile = Options.Path switch
        {
            CpuPath.Avx512 => &AttentionColumnTile<V512>.Run,
            CpuPath.Avx2 => &AttentionColumnTile<V256>.Run,
            _ => &AttentionColumnTile<V128>.Run,
        };
        work.SplitForColumnSums();
        work.YStride = work.PaddedKeys;
        using var partial = new Scratch(this, (long)work.Tiles * work.PaddedKeys * sizeof(float)); // [batch, heads, query tiles, padded keys]
        work.Y = (float*)partial.Pointer;
        RunTiles(work.Tiles, work.IsSmall, tile, &work);
        Run(
            new PartialSumKernel
            {
                Partial = work.Y,
                Stride = work.PaddedKeys,
                Count = heads * work.QueryTiles,
                Sums = (float*)Address(sums),
                SumsStride = sums.RowStride,
                Columns = work.Keys,
                Factor = 1f / heads,
            },
            work.Batch);
        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(sums);
    }

    /// <summary>Adds up the rows that the tiles of an entry left, in order.</summary>
    private struct PartialSumKernel : ITileKernel
    {
        public float* Partial;
        public long Stride;
        public int Count;
        public float* Sums;
        public long SumsStride;
        public int Columns;
        public float Factor;

        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var rows = Partial + (tile * Count * Stride);
            var sums = Sums + (tile * SumsStride);
            for (var j = 0; j < Columns; j += TV.Count)
            {
                var sum = TV.Create(0);
                for (var i = 0; i < Count; i++)
                {
                    sum += TV.Load(rows + (i * Stride) + j); // rows are padded to whole vectors
                }

                Simd.StoreTerm(sum * TV.Create(Factor), sums, j, Math.Min(TV.Count, Columns - j), isBFloat16: false);
            }
        }
    }
}
