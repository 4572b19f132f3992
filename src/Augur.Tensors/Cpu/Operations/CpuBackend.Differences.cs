using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Divided differences along the calls: the state of a Taylor forecaster.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">More than 1024 differences.</exception>
    public override void UpdateDifferencesInPlace(Tensor feature, ReadOnlySpan<Tensor> differences, int known, float gap)
    {
        RequireAtMostMaxTerms(differences, nameof(UpdateDifferencesInPlace));
        var valid = differences[..Math.Min(known + 1, differences.Length)];
        var dense = feature.IsDense;
        foreach (var difference in valid)
        {
            dense &= difference.IsDense;
        }

        var walk = RowWalk.Flat(feature.Shape, dense, Weight(valid));
        var rows = stackalloc WalkedTerm[valid.Length];
        for (var i = 0; i < valid.Length; i++)
        {
            rows[i] = walk.OfTerm(valid[i]);
        }

        Run(
            new DifferencesKernel
            {
                Walk = walk,
                Feature = walk.Of<float>(feature),
                Differences = rows,
                Count = valid.Length,
                Gap = gap,
            },
            walk.Tiles);
        GC.KeepAlive(feature);
        foreach (var difference in valid)
        {
            GC.KeepAlive(difference);
        }
    }

    private struct DifferencesKernel : ITileKernel
    {
        public RowWalk Walk;
        public WalkedRows<float> Feature;
        public WalkedTerm* Differences;
        public int Count;
        public float Gap;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var differences = stackalloc void*[Count];
            var isHalf = stackalloc bool[Count];
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                for (var k = 0; k < Count; k++)
                {
                    differences[k] = Differences[k].At(entry, within);
                    isHalf[k] = Differences[k].IsBFloat16;
                }

                Row<TV>(Feature.At(entry, within), differences, isHalf, Count, Gap, Walk.Columns(within));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Row<TV>(float* feature, void** differences, bool* isHalf, int count, float gap, long n)
            where TV : struct, IVector<TV>
        {
            var divisor = TV.Create(gap);
            long i = 0;
            for (; i + (2 * TV.Count) <= n; i += 2 * TV.Count) // two at a time hide the latency of the divisions
            {
                TV a = TV.Load(feature + i), b = TV.Load(feature + i + TV.Count);
                for (var k = 0; k < count - 1; k++)
                {
                    TV oldA, oldB;
                    if (isHalf[k])
                    {
                        var difference = (ushort*)differences[k] + i;
                        (oldA, oldB) = (TV.LoadBFloat16(difference), TV.LoadBFloat16(difference + TV.Count));
                        TV.StoreBFloat16(a, difference);
                        TV.StoreBFloat16(b, difference + TV.Count);
                    }
                    else
                    {
                        var difference = (float*)differences[k] + i;
                        (oldA, oldB) = (TV.Load(difference), TV.Load(difference + TV.Count));
                        TV.Store(a, difference);
                        TV.Store(b, difference + TV.Count);
                    }

                    a = (a - oldA) / divisor;
                    b = (b - oldB) / divisor;
                }

                // The last difference is written without being read: it was unknown, or there is no higher order to update.
                Simd.StoreTerm(a, differences[count - 1], i, TV.Count, isHalf[count - 1]);
                Simd.StoreTerm(b, differences[count - 1], i + TV.Count, TV.Count, isHalf[count - 1]);
            }

            for (; i < n; i += TV.Count)
            {
                var lanes = Math.Min(n - i, TV.Count);
                var next = Simd.LoadTerm<TV>(feature, i, lanes, isBFloat16: false);
                for (var k = 0; k < count - 1; k++)
                {
                    var old = Simd.LoadTerm<TV>(differences[k], i, lanes, isHalf[k]);
                    Simd.StoreTerm(next, differences[k], i, lanes, isHalf[k]);
                    next = (next - old) / divisor;
                }

                Simd.StoreTerm(next, differences[count - 1], i, lanes, isHalf[count - 1]);
            }
        }
    }
}
