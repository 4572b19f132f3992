using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Normalisation by the root of the mean square, of rows or of each head's part of them.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(Tensor x, Tensor? weight, int heads, float epsilon, Tensor y)
    {
        if (WidenedOperands.AreNeeded(x, weight, y))
        {
            using var wide = new WidenedOperands(this);
            RmsNorm(wide.Read(x), wide.ReadOptional(weight), heads, epsilon, wide.Write(y));
            wide.Finish();
            return;
        }

        var walk = RowWalk.ByRow(y.Shape);
        Run(
            new RmsNormKernel
            {
                Walk = walk,
                X = walk.Of<float>(x),
                Y = walk.Of<float>(y),
                Weight = weight is null ? null : (float*)Address(weight),
                Heads = heads,
                Width = y.Shape.Columns / heads,
                Epsilon = epsilon,
            },
            walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(y);
    }

    private struct RmsNormKernel : ITileKernel
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Y;
        public float* Weight;
        public int Heads;
        public int Width;
        public float Epsilon;

        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                float* x = X.At(entry, within), y = Y.At(entry, within);
                for (var at = 0; at < Heads * Width; at += Width)
                {
                    var factor = 1 / MathF.Sqrt((Squares<TV>(x + at, Width) / Width) + Epsilon);
                    Normalise<TV>(x + at, Weight, factor, y + at, Width);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Squares<TV>(float* x, int n)
            where TV : struct, IVector<TV>
        {
            TV a = TV.Create(0), b = a, c = a, d = a;
            var i = 0;
            for (; i + (4 * TV.Count) <= n; i += 4 * TV.Count)
            {
                TV va = TV.Load(x + i), vb = TV.Load(x + i + TV.Count);
                TV vc = TV.Load(x + i + (2 * TV.Count)), vd = TV.Load(x + i + (3 * TV.Count));
                a = TV.MultiplyAdd(va, va, a);
                b = TV.MultiplyAdd(vb, vb, b);
                c = TV.MultiplyAdd(vc, vc, c);
                d = TV.MultiplyAdd(vd, vd, d);
            }

            for (; i < n; i += TV.Count)
            {
                var v = Simd.LoadTerm<TV>(x, i, Math.Min(TV.Count, n - i), isBFloat16: false);
                a = TV.MultiplyAdd(v, v, a);
            }

            return TV.Sum(a + b + (c + d));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Normalise<TV>(float* x, float* weight, float factor, float* y, int n)
            where TV : struct, IVector<TV>
        {
            var f = TV.Create(factor);
            var i = 0;
            if (weight != null)
            {
                for (; i + TV.Count <= n; i += TV.Count)
                {
                    TV.Store(TV.Load(x + i) * f * TV.Load(weight + i), y + i);
                }
            }

            for (; i < n; i += TV.Count)
            {
                var inside = Math.Min(TV.Count, n - i);
                var v = Simd.LoadTerm<TV>(x, i, inside, isBFloat16: false) * f;
                v = weight == null ? v : v * Simd.LoadTerm<TV>(weight, i, inside, isBFloat16: false);
                Simd.StoreTerm(v, y, i, inside, isBFloat16: false);
            }
        }
    }
}
