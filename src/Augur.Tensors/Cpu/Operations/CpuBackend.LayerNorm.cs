using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Layer normalisation with modulation.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void LayerNorm(Tensor x, Tensor? shift, Tensor? scale, float epsilon, Tensor y)
    {
        if (WidenedOperands.AreNeeded(x, shift, scale, y))
        {
            using var wide = new WidenedOperands(this);
            LayerNorm(wide.Read(x), wide.ReadOptional(shift), wide.ReadOptional(scale), epsilon, wide.Write(y));
            wide.Finish();
            return;
        }

        LayerNorm(x, shift, shift?.RowStride ?? 0, scale, scale?.RowStride ?? 0, 1, epsilon, y);
    }

    /// <inheritdoc/>
    public override void AffineLayerNorm(Tensor x, Tensor weight, Tensor? bias, float epsilon, Tensor y)
    {
        if (WidenedOperands.AreNeeded(x, weight, bias, y))
        {
            using var wide = new WidenedOperands(this);
            AffineLayerNorm(wide.Read(x), wide.Read(weight), wide.ReadOptional(bias), epsilon, wide.Write(y));
            wide.Finish();
            return;
        }

        LayerNorm(x, bias, 0, weight, 0, 0, epsilon, y); // one row of weights for all entries
    }

    private void LayerNorm(Tensor x, Tensor? shift, long shiftStride, Tensor? scale, long scaleStride, float scaleOffset, float epsilon, Tensor y)
    {
        var walk = RowWalk.ByRow(y.Shape);
        Run(
            new LayerNormKernel
            {
                Walk = walk,
                X = walk.Of<float>(x),
                Y = walk.Of<float>(y),
                Shift = shift is null ? null : (float*)Address(shift),
                ShiftStride = shiftStride,
                Scale = scale is null ? null : (float*)Address(scale),
                ScaleStride = scaleStride,
                ScaleOffset = scaleOffset,
                Epsilon = epsilon,
            },
            walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(shift);
        GC.KeepAlive(scale);
        GC.KeepAlive(y);
    }

    private struct LayerNormKernel : ITileKernel
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Y;
        public float* Shift;
        public long ShiftStride;
        public float* Scale;
        public long ScaleStride;
        public float ScaleOffset; // 1: the factor is 1 + scale
        public float Epsilon;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                var x = X.At(entry, within);
                var n = Walk.Columns(within);
                var mean = Mean<TV>(x, n);
                var factor = 1 / MathF.Sqrt((SquaredDeviations<TV>(x, n, mean) / n) + Epsilon);
                var scale = Scale == null ? null : Scale + (entry * ScaleStride);
                var shift = Shift == null ? null : Shift + (entry * ShiftStride);
                Normalise<TV>(x, mean, factor, scale, ScaleOffset, shift, Y.At(entry, within), n);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Mean<TV>(float* x, long n)
            where TV : struct, IVector<TV>
        {
            TV a = TV.Create(0), b = a, c = a, d = a;
            long i = 0;
            for (; i + (4 * TV.Count) <= n; i += 4 * TV.Count)
            {
                a += TV.Load(x + i);
                b += TV.Load(x + i + TV.Count);
                c += TV.Load(x + i + (2 * TV.Count));
                d += TV.Load(x + i + (3 * TV.Count));
            }

            for (; i + TV.Count <= n; i += TV.Count)
            {
                a += TV.Load(x + i);
            }

            if (i < n)
            {
                b += Simd.LoadPartial<TV>(x + i, n - i);
            }

            return TV.Sum(a + b + (c + d)) / n;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float SquaredDeviations<TV>(float* x, long n, float mean)
            where TV : struct, IVector<TV>
        {
            TV a = TV.Create(0), b = a, c = a, d = a, centre = TV.Create(mean);
            long i = 0;
            for (; i + (4 * TV.Count) <= n; i += 4 * TV.Count)
            {
                var da = TV.Load(x + i) - centre;
                var db = TV.Load(x + i + TV.Count) - centre;
                var dc = TV.Load(x + i + (2 * TV.Count)) - centre;
                var dd = TV.Load(x + i + (3 * TV.Count)) - centre;
                a = TV.MultiplyAdd(da, da, a);
                b = TV.MultiplyAdd(db, db, b);
                c = TV.MultiplyAdd(dc, dc, c);
                d = TV.MultiplyAdd(dd, dd, d);
            }

            for (; i < n; i += TV.Count)
            {
                var rest = n - i;
                var deviation = (rest >= TV.Count ? TV.Load(x + i) : Simd.LoadPartial<TV>(x + i, rest, mean)) - centre; // padding deviates by 0
                a = TV.MultiplyAdd(deviation, deviation, a);
            }

            return TV.Sum(a + b + (c + d));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Normalise<TV>(float* x, float mean, float factor, float* scale, float scaleOffset, float* shift, float* y, long n)
            where TV : struct, IVector<TV>
        {
            TV centre = TV.Create(mean), f = TV.Create(factor), one = TV.Create(1), offset = TV.Create(scaleOffset), zero = TV.Create(0);
            long i = 0;
            if (scale != null && shift != null)
            {
                for (; i + TV.Count <= n; i += TV.Count)
                {
                    TV.Store(TV.MultiplyAdd((TV.Load(x + i) - centre) * f, offset + TV.Load(scale + i), TV.Load(shift + i)), y + i);
                }
            }
            else if (scale == null && shift == null)
            {
                for (; i + TV.Count <= n; i += TV.Count)
                {
                    TV.Store(TV.MultiplyAdd((TV.Load(x + i) - centre) * f, one, zero), y + i); // −0 becomes 0, as below
                }
            }

            for (; i < n; i += TV.Count)
            {
                var rest = Math.Min(n - i, TV.Count);
                var s = scale == null ? one : offset + Simd.LoadPartial<TV>(scale + i, rest);
                var t = shift == null ? zero : Simd.LoadPartial<TV>(shift + i, rest);
                var full = rest == TV.Count;
                var normalised = ((full ? TV.Load(x + i) : Simd.LoadPartial<TV>(x + i, rest)) - centre) * f;
                var result = TV.MultiplyAdd(normalised, s, t);
                if (full)
                {
                    TV.Store(result, y + i);
                }
                else
                {
                    Simd.StorePartial(result, y + i, rest);
                }
            }
        }
    }
}
