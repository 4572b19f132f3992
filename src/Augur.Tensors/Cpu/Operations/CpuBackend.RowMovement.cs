using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Gathering and scattering of rows and tokens over several threads.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void GatherRows(Tensor x, Tensor rows, Tensor y) =>
        MoveRows(x, x.Shape[0], rows, y, x.Shape.Product(1, x.Shape.Rank - 1), gathers: true, nameof(GatherRows));

    /// <inheritdoc/>
    public override void ScatterRowsInPlace(Tensor x, Tensor rows, Tensor y) =>
        MoveRows(y, y.Shape[0], rows, x, y.Shape.Product(1, y.Shape.Rank - 1), gathers: false, nameof(ScatterRowsInPlace));

    /// <inheritdoc/>
    public override void GatherTokens(Tensor x, Tensor indices, Tensor y) =>
        MoveRows(x, x.Shape[1], indices, y, 1, gathers: true, nameof(GatherTokens));

    /// <inheritdoc/>
    public override void ScatterTokensInPlace(Tensor x, Tensor indices, Tensor y) =>
        MoveRows(y, y.Shape[1], indices, x, 1, gathers: false, nameof(ScatterTokensInPlace));

    // All four move runs of rows between places of one tensor, which the table names, and the other tensor in order.
    private void MoveRows(Tensor indexed, int limit, Tensor table, Tensor ordered, long run, bool gathers, string operation)
    {
        RequireBelow(table, limit, operation);
        var size = indexed.Type.Size();
        var walk = RowWalk.ByRow(ordered.Shape);
        RunPlain(
            new RowMovementKernel
            {
                Walk = walk,
                Indexed = (byte*)Address(indexed),
                IndexedStride = indexed.RowStride * size,
                Ordered = (byte*)Address(ordered),
                OrderedStride = ordered.RowStride * size,
                Table = (int*)Address(table),
                TableStride = table.RowStride,
                TableColumns = table.Shape.Columns,
                Limit = limit,
                Run = run,
                RowBytes = (uint)(ordered.Shape.Columns * size),
                Gathers = gathers,
            },
            walk.Tiles);
        GC.KeepAlive(indexed);
        GC.KeepAlive(table);
        GC.KeepAlive(ordered);
    }

    private struct RowMovementKernel : IPlainTileKernel
    {
        public RowWalk Walk;
        public byte* Indexed;
        public long IndexedStride;
        public byte* Ordered;
        public long OrderedStride;
        public int* Table;
        public long TableStride;
        public int TableColumns;
        public int Limit;
        public long Run;
        public uint RowBytes;
        public bool Gathers;

        readonly void IPlainTileKernel.Run(int tile)
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (i, within) = Math.DivRem(row, Run);
                var (entry, column) = Math.DivRem(i, TableColumns);
                var place = (((entry * Limit) + Table[(entry * TableStride) + column]) * Run) + within;
                var indexed = Indexed + (place * IndexedStride);
                var ordered = Ordered + (row * OrderedStride);
                Unsafe.CopyBlockUnaligned(Gathers ? ordered : indexed, Gathers ? indexed : ordered, RowBytes);
            }
        }
    }
}
