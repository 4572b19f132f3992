using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Linear combinations: what every forecaster and sampler is made of.</content>
public sealed unsafe partial class CpuBackend
{
    private const int MaxTerms = 1024; // their addresses lie on the stack

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">More than 1024 terms.</exception>
    public override void LinearCombination(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y)
    {
        if (terms.Length > MaxTerms)
        {
            throw new ArgumentException($"LinearCombination: {terms.Length} terms are more than {MaxTerms}.");
        }

        var shared = coefficients.Length == terms.Length;
        bool dense = y.IsDense, denseEntries = RowWalk.HasDenseEntries(y);
        foreach (var term in terms)
        {
            dense &= term.IsDense;
            denseEntries &= RowWalk.HasDenseEntries(term);
        }

        var walk = shared ? RowWalk.Flat(y.Shape, dense) : RowWalk.FlatEntries(y.Shape, denseEntries);
        var rows = stackalloc WalkedRows<float>[terms.Length];
        for (var i = 0; i < terms.Length; i++)
        {
            rows[i] = walk.Of<float>(terms[i]);
        }

        fixed (float* factors = coefficients)
        {
            Run(
                new CombinationKernel
                {
                    Walk = walk,
                    Terms = rows,
                    Count = terms.Length,
                    Y = walk.Of<float>(y),
                    Coefficients = factors,
                    TermStep = shared ? 1 : walk.Entries,
                    EntryStep = shared ? 0 : 1,
                },
                walk.Tiles);
        }

        foreach (var term in terms)
        {
            GC.KeepAlive(term);
        }

        GC.KeepAlive(y);
    }

    private struct CombinationKernel : ITileKernel
    {
        public RowWalk Walk;
        public WalkedRows<float>* Terms;
        public int Count;
        public WalkedRows<float> Y;
        public float* Coefficients;
        public long TermStep;
        public long EntryStep;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var terms = stackalloc float*[Count];
            var factors = stackalloc float[Count];
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                for (var k = 0; k < Count; k++)
                {
                    terms[k] = Terms[k].At(entry, within);
                    factors[k] = Coefficients[(k * TermStep) + (entry * EntryStep)];
                }

                Row<TV>(terms, factors, Count, Y.At(entry, within), Walk.Columns(within));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Row<TV>(float** terms, float* factors, int count, float* y, long n)
            where TV : struct, IVector<TV>
        {
            long i = 0;
            for (; i + (4 * TV.Count) <= n; i += 4 * TV.Count)
            {
                TV a = TV.Create(0), b = a, c = a, d = a;
                for (var k = 0; k < count; k++)
                {
                    var factor = TV.Create(factors[k]);
                    var x = terms[k] + i;
                    a = TV.MultiplyAdd(factor, TV.Load(x), a);
                    b = TV.MultiplyAdd(factor, TV.Load(x + TV.Count), b);
                    c = TV.MultiplyAdd(factor, TV.Load(x + (2 * TV.Count)), c);
                    d = TV.MultiplyAdd(factor, TV.Load(x + (3 * TV.Count)), d);
                }

                TV.Store(a, y + i);
                TV.Store(b, y + i + TV.Count);
                TV.Store(c, y + i + (2 * TV.Count));
                TV.Store(d, y + i + (3 * TV.Count));
            }

            for (; i < n; i += TV.Count)
            {
                var rest = Math.Min(n - i, TV.Count);
                var sum = TV.Create(0);
                for (var k = 0; k < count; k++)
                {
                    var x = rest == TV.Count ? TV.Load(terms[k] + i) : Simd.LoadPartial<TV>(terms[k] + i, rest);
                    sum = TV.MultiplyAdd(TV.Create(factors[k]), x, sum);
                }

                if (rest == TV.Count)
                {
                    TV.Store(sum, y + i);
                }
                else
                {
                    Simd.StorePartial(sum, y + i, rest);
                }
            }
        }
    }
}
