using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Linear combinations: the basic operation of forecasters and samplers.</content>
public sealed unsafe partial class CpuBackend
{
    private const int MaxTerms = 1024; // their addresses lie on the stack

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">More than 1024 terms.</exception>
    public override void LinearCombination(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y)
    {
        RequireAtMostMaxTerms(terms, nameof(LinearCombination));
        var shared = coefficients.Length == terms.Length;
        bool dense = y.IsDense, denseEntries = RowWalk.HasDenseEntries(y);
        foreach (var term in terms)
        {
            dense &= term.IsDense;
            denseEntries &= RowWalk.HasDenseEntries(term);
        }

        var walk = shared ? RowWalk.Flat(y.Shape, dense, Weight(terms)) : RowWalk.FlatEntries(y.Shape, denseEntries, Weight(terms));
        var kernel = new CombinationOperands
        {
            Walk = walk,
            Y = walk.Of<float>(y),
            TermStep = shared ? 1 : walk.Entries,
            EntryStep = shared ? 0 : 1,
        };
        RunCombination<PlainSum>(kernel, terms, coefficients);
        GC.KeepAlive(y);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">More than 1024 terms.</exception>
    public override void AddGatedCombination(Tensor x, Tensor gate, ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y)
    {
        RequireAtMostMaxTerms(terms, nameof(AddGatedCombination));
        var walk = RowWalk.ByRow(y.Shape, Weight(terms));
        var kernel = new CombinationOperands
        {
            Walk = walk,
            Y = walk.Of<float>(y),
            TermStep = 1,
            X = walk.Of<float>(x),
            Gate = (float*)Address(gate),
            GateStride = gate.RowStride,
        };
        RunCombination<GatedSum>(kernel, terms, coefficients);
        GC.KeepAlive(x);
        GC.KeepAlive(gate);
        GC.KeepAlive(y);
    }

    // Terms are kept features: they come from memory, not from the cache, at a third of its rate or less.
    private static int Weight(ReadOnlySpan<Tensor> terms) => 1 + (2 * terms.Length);

    private static void RequireAtMostMaxTerms(ReadOnlySpan<Tensor> terms, string operation)
    {
        if (terms.Length > MaxTerms)
        {
            throw new ArgumentException($"{operation}: {terms.Length} terms are more than {MaxTerms}.");
        }
    }

    private void RunCombination<TFinish>(CombinationOperands operands, ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients)
        where TFinish : struct, IFinish
    {
        var rows = stackalloc WalkedTerm[terms.Length];
        var allSingles = true;
        for (var i = 0; i < terms.Length; i++)
        {
            rows[i] = operands.Walk.OfTerm(terms[i]);
            allSingles &= !rows[i].IsBFloat16;
        }

        fixed (float* factors = coefficients)
        {
            operands.Terms = rows;
            operands.Count = terms.Length;
            operands.Coefficients = factors;
            if (allSingles)
            {
                Run(new CombinationKernel<Singles, TFinish> { Operands = operands }, operands.Walk.Tiles);
            }
            else
            {
                Run(new CombinationKernel<SinglesAndHalves, TFinish> { Operands = operands }, operands.Walk.Tiles);
            }
        }

        foreach (var term in terms)
        {
            GC.KeepAlive(term);
        }
    }

    /// <summary>What is done with a vector of sums; x and gate point to the corresponding elements of their rows.</summary>
    private interface IFinish
    {
        static abstract TV Apply<TV>(TV sum, float* x, float* gate)
            where TV : struct, IVector<TV>;

        static abstract TV ApplyPartial<TV>(TV sum, float* x, float* gate, long count)
            where TV : struct, IVector<TV>;
    }

    /// <summary>Which types the terms have; a constant to the compiler, so that sums of singles carry no test.</summary>
    private interface ITermTypes
    {
        static abstract bool MayBeBFloat16 { get; }
    }

    private readonly struct Singles : ITermTypes
    {
        public static bool MayBeBFloat16 => false;
    }

    private readonly struct SinglesAndHalves : ITermTypes
    {
        public static bool MayBeBFloat16 => true;
    }

    private readonly struct PlainSum : IFinish
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Apply<TV>(TV sum, float* x, float* gate)
            where TV : struct, IVector<TV> => sum;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV ApplyPartial<TV>(TV sum, float* x, float* gate, long count)
            where TV : struct, IVector<TV> => sum;
    }

    /// <summary>The same multiply-add as in <see cref="AddGated"/>, so that the fused operation gives the same bits as the two.</summary>
    private readonly struct GatedSum : IFinish
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Apply<TV>(TV sum, float* x, float* gate)
            where TV : struct, IVector<TV> => TV.MultiplyAdd(TV.Load(gate), sum, TV.Load(x));

        public static TV ApplyPartial<TV>(TV sum, float* x, float* gate, long count)
            where TV : struct, IVector<TV> =>
            TV.MultiplyAdd(Simd.LoadPartial<TV>(gate, count), sum, Simd.LoadPartial<TV>(x, count));
    }

    private struct CombinationOperands
    {
        public RowWalk Walk;
        public WalkedTerm* Terms;
        public int Count;
        public WalkedRows<float> Y;
        public float* Coefficients;
        public long TermStep;
        public long EntryStep;
        public WalkedRows<float> X; // X and gate: for gated sums only
        public float* Gate;
        public long GateStride;
    }

    private struct CombinationKernel<TTypes, TFinish> : ITileKernel
        where TTypes : struct, ITermTypes
        where TFinish : struct, IFinish
    {
        public CombinationOperands Operands;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var count = Operands.Count;
            var terms = stackalloc void*[count];
            var isHalf = stackalloc bool[count];
            var factors = stackalloc float[count];
            var (row, end) = Operands.Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Operands.Walk.Locate(row);
                for (var k = 0; k < count; k++)
                {
                    terms[k] = Operands.Terms[k].At(entry, within);
                    isHalf[k] = Operands.Terms[k].IsBFloat16;
                    factors[k] = Operands.Coefficients[(k * Operands.TermStep) + (entry * Operands.EntryStep)];
                }

                Row<TV>(
                    terms,
                    isHalf,
                    factors,
                    count,
                    Operands.X.At(entry, within),
                    Operands.Gate + (entry * Operands.GateStride),
                    Operands.Y.At(entry, within),
                    Operands.Walk.Columns(within));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Row<TV>(void** terms, bool* isHalf, float* factors, int count, float* addend, float* gate, float* y, long n)
            where TV : struct, IVector<TV>
        {
            long i = 0;
            for (; i + (4 * TV.Count) <= n; i += 4 * TV.Count)
            {
                TV a = TV.Create(0), b = a, c = a, d = a;
                for (var k = 0; k < count; k++)
                {
                    var factor = TV.Create(factors[k]);
                    if (TTypes.MayBeBFloat16 && isHalf[k])
                    {
                        var x = (ushort*)terms[k] + i;
                        a = TV.MultiplyAdd(factor, TV.LoadBFloat16(x), a);
                        b = TV.MultiplyAdd(factor, TV.LoadBFloat16(x + TV.Count), b);
                        c = TV.MultiplyAdd(factor, TV.LoadBFloat16(x + (2 * TV.Count)), c);
                        d = TV.MultiplyAdd(factor, TV.LoadBFloat16(x + (3 * TV.Count)), d);
                    }
                    else
                    {
                        var x = (float*)terms[k] + i;
                        a = TV.MultiplyAdd(factor, TV.Load(x), a);
                        b = TV.MultiplyAdd(factor, TV.Load(x + TV.Count), b);
                        c = TV.MultiplyAdd(factor, TV.Load(x + (2 * TV.Count)), c);
                        d = TV.MultiplyAdd(factor, TV.Load(x + (3 * TV.Count)), d);
                    }
                }

                float* at = addend + i, gates = gate + i;
                TV.Store(TFinish.Apply(a, at, gates), y + i);
                TV.Store(TFinish.Apply(b, at + TV.Count, gates + TV.Count), y + i + TV.Count);
                TV.Store(TFinish.Apply(c, at + (2 * TV.Count), gates + (2 * TV.Count)), y + i + (2 * TV.Count));
                TV.Store(TFinish.Apply(d, at + (3 * TV.Count), gates + (3 * TV.Count)), y + i + (3 * TV.Count));
            }

            for (; i < n; i += TV.Count)
            {
                var rest = Math.Min(n - i, TV.Count);
                var sum = TV.Create(0);
                for (var k = 0; k < count; k++)
                {
                    var x = Simd.LoadTerm<TV>(terms[k], i, rest, TTypes.MayBeBFloat16 && isHalf[k]);
                    sum = TV.MultiplyAdd(TV.Create(factors[k]), x, sum);
                }

                if (rest == TV.Count)
                {
                    TV.Store(TFinish.Apply(sum, addend + i, gate + i), y + i);
                }
                else
                {
                    Simd.StorePartial(TFinish.ApplyPartial(sum, addend + i, gate + i, rest), y + i, rest);
                }
            }
        }
    }
}
