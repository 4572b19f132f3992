using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Norms of tokens, head by head.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void HeadNorms(Tensor x, int heads, Tensor norms)
    {
        if (x.Shape.ElementCount == 0)
        {
            Fill(norms, 0); // no channels: the empty sum
            return;
        }

        var walk = RowWalk.ByRow(x.Shape);
        RunDouble(
            new HeadNormKernel
            {
                Walk = walk,
                X = walk.Of<float>(x),
                Norms = (float*)Address(norms),
                NormsStride = norms.RowStride,
                Heads = heads,
                Width = x.Shape[2] / heads,
            },
            walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(norms);
    }

    private struct HeadNormKernel : IDoubleTileKernel
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public float* Norms;
        public long NormsStride;
        public int Heads;
        public int Width;

        public readonly void Run<TD>(int tile)
            where TD : struct, IDoubleVector<TD>
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, token) = Walk.Locate(row);
                var x = X.At(entry, token);
                for (var head = 0; head < Heads; head++)
                {
                    Norms[(((entry * Heads) + head) * NormsStride) + token] = (float)Math.Sqrt(SquaredNorm<TD>(x + (head * Width), Width));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static double SquaredNorm<TD>(float* x, int n)
            where TD : struct, IDoubleVector<TD>
        {
            TD a = TD.Create(0), b = a;
            var i = 0;
            for (; i + (2 * TD.Count) <= n; i += 2 * TD.Count)
            {
                TD u = TD.LoadWidened(x + i), v = TD.LoadWidened(x + i + TD.Count);
                a = TD.MultiplyAdd(u, u, a);
                b = TD.MultiplyAdd(v, v, b);
            }

            if (i < n)
            {
                var padded = stackalloc float[2 * Simd.MaxLanes]; // zeros behind the rest of the row
                new ReadOnlySpan<float>(x + i, n - i).CopyTo(new Span<float>(padded, 2 * Simd.MaxLanes));
                TD u = TD.LoadWidened(padded), v = TD.LoadWidened(padded + TD.Count);
                a = TD.MultiplyAdd(u, u, a);
                b = TD.MultiplyAdd(v, v, b);
            }

            return TD.Sum(a + b);
        }
    }
}
