using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Tokens moved towards the value of their cluster.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void BlendGatheredTokensInPlace(Tensor fresh, Tensor labels, float ratio, Tensor y)
    {
        RequireBelow(labels, fresh.Shape[1], nameof(BlendGatheredTokensInPlace));
        var walk = RowWalk.ByRow(y.Shape);
        Run(
            new GatheredBlendKernel
            {
                Walk = walk,
                Fresh = walk.OfTerm(fresh),
                Y = walk.OfTerm(y),
                Labels = (int*)Address(labels),
                LabelStride = labels.RowStride,
                Ratio = ratio,
                Columns = y.Shape[2],
            },
            walk.Tiles);
        GC.KeepAlive(fresh);
        GC.KeepAlive(labels);
        GC.KeepAlive(y);
    }

    private struct GatheredBlendKernel : ITileKernel
    {
        public RowWalk Walk;
        public WalkedTerm Fresh;
        public WalkedTerm Y;
        public int* Labels;
        public long LabelStride;
        public float Ratio;
        public int Columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            TV share = TV.Create(Ratio), rest = TV.Create(1 - Ratio);
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, token) = Walk.Locate(row);
                var y = Y.At(entry, token);
                var fresh = Fresh.At(entry, Labels[(entry * LabelStride) + token]);
                for (var i = 0; i < Columns; i += TV.Count)
                {
                    var inside = Math.Min(TV.Count, Columns - i);
                    var kept = rest * Simd.LoadTerm<TV>(y, i, inside, Y.IsBFloat16);
                    var blended = TV.MultiplyAdd(share, Simd.LoadTerm<TV>(fresh, i, inside, Fresh.IsBFloat16), kept);
                    Simd.StoreTerm(blended, y, i, inside, Y.IsBFloat16);
                }
            }
        }
    }
}
