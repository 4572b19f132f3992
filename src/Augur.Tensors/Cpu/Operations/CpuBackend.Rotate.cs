using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Rotary positions.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Rotate(Tensor x, Tensor cosines, Tensor sines, RotaryPairs pairs, int heads, Tensor y)
    {
        if (WidenedOperands.AreNeeded(x, y))
        {
            using var wide = new WidenedOperands(this);
            Rotate(wide.Read(x), cosines, sines, pairs, heads, wide.Write(y));
            wide.Finish();
            return;
        }

        var walk = RowWalk.ByRow(y.Shape);
        Run(
            new RotaryKernel
            {
                Walk = walk,
                X = walk.Of<float>(x),
                Y = walk.Of<float>(y),
                Cosines = (float*)Address(cosines),
                CosineStride = cosines.RowStride,
                Sines = (float*)Address(sines),
                SineStride = sines.RowStride,
                TableEntryRows = cosines.Shape.Rank == 3 ? cosines.Shape[1] : 0,
                Pairs = cosines.Shape.Columns,
                Heads = heads,
                Width = y.Shape.Columns / heads,
                AreNeighbours = pairs == RotaryPairs.Interleaved,
            },
            walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(cosines);
        GC.KeepAlive(sines);
        GC.KeepAlive(y);
    }

    private struct RotaryKernel : ITileKernel
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Y;
        public float* Cosines;
        public long CosineStride;
        public float* Sines;
        public long SineStride;
        public long TableEntryRows; // 0: all entries share the table
        public int Pairs;
        public int Heads;
        public int Width;
        public bool AreNeighbours;

        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            // Tables of a token for interleaved pairs: each cosine twice, and each sine as −s, s.
            var cosines = ThreadScratch.Floats((4L * Pairs) + (2 * TV.Count));
            var sines = cosines + (2 * Pairs);
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, token) = Walk.Locate(row);
                float* x = X.At(entry, token), y = Y.At(entry, token);
                var cosine = Cosines + (((entry * TableEntryRows) + token) * CosineStride);
                var sine = Sines + (((entry * TableEntryRows) + token) * SineStride);
                for (var i = 0; AreNeighbours && i < Pairs; i++)
                {
                    (cosines[2 * i], cosines[(2 * i) + 1]) = (cosine[i], cosine[i]);
                    (sines[2 * i], sines[(2 * i) + 1]) = (-sine[i], sine[i]);
                }

                for (var head = 0; head < Heads; head++)
                {
                    float* from = x + (head * Width), to = y + (head * Width);
                    if (AreNeighbours)
                    {
                        TurnNeighbours<TV>(from, cosines, sines, to, 2 * Pairs);
                    }
                    else
                    {
                        TurnHalves<TV>(from, cosine, sine, to, Pairs);
                    }

                    var rest = Width - (2 * Pairs);
                    if (rest > 0 && from != to)
                    {
                        new ReadOnlySpan<float>(from + (2 * Pairs), rest).CopyTo(new Span<float>(to + (2 * Pairs), rest));
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void TurnNeighbours<TV>(float* x, float* cosines, float* sines, float* y, int n)
            where TV : struct, IVector<TV>
        {
            for (var i = 0; i < n; i += TV.Count)
            {
                var inside = Math.Min(TV.Count, n - i); // even, so that no pair is split
                var v = Simd.LoadTerm<TV>(x, i, inside, isBFloat16: false);
                var turned = TV.MultiplyAdd(
                    v,
                    Simd.LoadTerm<TV>(cosines, i, inside, isBFloat16: false),
                    TV.SwapPairs(v) * Simd.LoadTerm<TV>(sines, i, inside, isBFloat16: false));
                Simd.StoreTerm(turned, y, i, inside, isBFloat16: false);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void TurnHalves<TV>(float* x, float* cosines, float* sines, float* y, int n)
            where TV : struct, IVector<TV>
        {
            for (var i = 0; i < n; i += TV.Count)
            {
                var inside = Math.Min(TV.Count, n - i);
                var (a, b) = (Simd.LoadTerm<TV>(x, i, inside, isBFloat16: false), Simd.LoadTerm<TV>(x + n, i, inside, isBFloat16: false));
                var (c, s) = (Simd.LoadTerm<TV>(cosines, i, inside, isBFloat16: false), Simd.LoadTerm<TV>(sines, i, inside, isBFloat16: false));
                Simd.StoreTerm(TV.SubtractProduct(a * c, b, s), y, i, inside, isBFloat16: false);
                Simd.StoreTerm(TV.MultiplyAdd(b, c, a * s), y + n, i, inside, isBFloat16: false);
            }
        }
    }
}
