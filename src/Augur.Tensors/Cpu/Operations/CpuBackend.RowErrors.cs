using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Errors of forecasts, in double precision.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    /// <remarks>A NaN in x or y makes its entry's sums NaN, and so the error: below no threshold.</remarks>
    public override void RowErrorSums(Tensor x, Tensor y, ErrorMeasure measure, Tensor sums)
    {
        switch (measure)
        {
            case ErrorMeasure.NormRatio:
                Sum<NormRatioTerms>(x, y, sums);
                break;
            case ErrorMeasure.L1:
                Sum<AbsoluteTerms>(x, y, sums);
                break;
            case ErrorMeasure.L2:
                Sum<SquaredTerms>(x, y, sums);
                break;
            case ErrorMeasure.RelativeL1:
                Sum<RelativeTerms>(x, y, sums);
                break;
            case ErrorMeasure.RelativeL2:
                Sum<SquaredRelativeTerms>(x, y, sums);
                break;
            case ErrorMeasure.Cosine:
                Sum<CosineTerms>(x, y, sums);
                break;
            case ErrorMeasure.L1Ratio:
                Sum<L1RatioTerms>(x, y, sums);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(measure), measure, "not an error measure");
        }
    }

    // Each row of the walk leaves its sums in a table, which is added up in order: the result does not depend on who computed which row.
    private void Sum<TTerms>(Tensor x, Tensor y, Tensor sums)
        where TTerms : struct, IErrorTerms
    {
        var totals = new Span<double>(Address(sums), checked((int)sums.Shape.ElementCount));
        totals.Clear();
        var walk = RowWalk.FlatEntries(x.Shape, RowWalk.HasDenseEntries(x) && RowWalk.HasDenseEntries(y));
        if (walk.Rows == 0)
        {
            return;
        }

        using var table = new Scratch(this, walk.Rows * TTerms.Sums * sizeof(double));
        var rows = (double*)table.Pointer;
        RunDouble(new ErrorKernel<TTerms> { Walk = walk, X = walk.Of<float>(x), Y = walk.Of<float>(y), Sums = rows }, walk.Tiles);
        for (var entry = 0; entry < walk.Entries; entry++)
        {
            var total = totals.Slice(entry * TTerms.Sums, TTerms.Sums);
            for (long i = 0; i < walk.RowsPerEntry * TTerms.Sums; i++)
            {
                total[(int)(i % TTerms.Sums)] += *rows++;
            }
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(sums);
    }

    /// <summary>What an error measure adds up; all terms of x = y = 0 are 0, so that a row may be padded.</summary>
    private interface IErrorTerms
    {
        /// <summary>How many sums there are.</summary>
        static abstract int Sums { get; }

        /// <summary>Adds the elements x and y to sum number <paramref name="index"/>.</summary>
        static abstract TD Add<TD>(int index, TD sum, TD x, TD y)
            where TD : struct, IDoubleVector<TD>;
    }

    private struct ErrorKernel<TTerms> : IDoubleTileKernel
        where TTerms : struct, IErrorTerms
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Y;
        public double* Sums;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TD>(int tile)
            where TD : struct, IDoubleVector<TD>
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                Row<TD>(X.At(entry, within), Y.At(entry, within), Walk.Columns(within), Sums + (row * TTerms.Sums));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Row<TD>(float* x, float* y, long n, double* sums)
            where TD : struct, IDoubleVector<TD>
        {
            TD a0 = TD.Create(0), a1 = a0, a2 = a0, b0 = a0, b1 = a0, b2 = a0;
            long i = 0;
            for (; i + (2 * TD.Count) <= n; i += 2 * TD.Count)
            {
                TD xa = TD.LoadWidened(x + i), ya = TD.LoadWidened(y + i);
                TD xb = TD.LoadWidened(x + i + TD.Count), yb = TD.LoadWidened(y + i + TD.Count);
                a0 = TTerms.Add(0, a0, xa, ya);
                b0 = TTerms.Add(0, b0, xb, yb);
                if (TTerms.Sums > 1)
                {
                    a1 = TTerms.Add(1, a1, xa, ya);
                    b1 = TTerms.Add(1, b1, xb, yb);
                }

                if (TTerms.Sums > 2)
                {
                    a2 = TTerms.Add(2, a2, xa, ya);
                    b2 = TTerms.Add(2, b2, xb, yb);
                }
            }

            if (i < n)
            {
                var padded = stackalloc float[4 * Simd.MaxLanes];
                for (var j = 0; j < n - i; j++)
                {
                    padded[j] = x[i + j];
                    padded[j + (2 * Simd.MaxLanes)] = y[i + j];
                }

                for (var j = 0; j < n - i; j += TD.Count)
                {
                    TD xa = TD.LoadWidened(padded + j), ya = TD.LoadWidened(padded + j + (2 * Simd.MaxLanes));
                    a0 = TTerms.Add(0, a0, xa, ya);
                    a1 = TTerms.Sums > 1 ? TTerms.Add(1, a1, xa, ya) : a1;
                    a2 = TTerms.Sums > 2 ? TTerms.Add(2, a2, xa, ya) : a2;
                }
            }

            sums[0] = TD.Sum(a0 + b0);
            if (TTerms.Sums > 1)
            {
                sums[1] = TD.Sum(a1 + b1);
            }

            if (TTerms.Sums > 2)
            {
                sums[2] = TD.Sum(a2 + b2);
            }
        }
    }

    private readonly struct NormRatioTerms : IErrorTerms
    {
        public static int Sums => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TD Add<TD>(int index, TD sum, TD x, TD y)
            where TD : struct, IDoubleVector<TD> => index == 0 ? TD.MultiplyAdd(x - y, x - y, sum) : TD.MultiplyAdd(y, y, sum);
    }

    private readonly struct L1RatioTerms : IErrorTerms
    {
        public static int Sums => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TD Add<TD>(int index, TD sum, TD x, TD y)
            where TD : struct, IDoubleVector<TD> => sum + (index == 0 ? TD.Abs(x - y) : TD.Abs(y));
    }

    private readonly struct AbsoluteTerms : IErrorTerms
    {
        public static int Sums => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TD Add<TD>(int index, TD sum, TD x, TD y)
            where TD : struct, IDoubleVector<TD> => sum + TD.Abs(x - y);
    }

    private readonly struct SquaredTerms : IErrorTerms
    {
        public static int Sums => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TD Add<TD>(int index, TD sum, TD x, TD y)
            where TD : struct, IDoubleVector<TD> => TD.MultiplyAdd(x - y, x - y, sum);
    }

    private readonly struct RelativeTerms : IErrorTerms
    {
        public static int Sums => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TD Add<TD>(int index, TD sum, TD x, TD y)
            where TD : struct, IDoubleVector<TD> => sum + (TD.Abs(x - y) / (TD.Abs(y) + TD.Create(ErrorSums.Tiny)));
    }

    private readonly struct SquaredRelativeTerms : IErrorTerms
    {
        public static int Sums => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TD Add<TD>(int index, TD sum, TD x, TD y)
            where TD : struct, IDoubleVector<TD>
        {
            var ratio = (x - y) / (TD.Abs(y) + TD.Create(ErrorSums.Tiny));
            return TD.MultiplyAdd(ratio, ratio, sum);
        }
    }

    private readonly struct CosineTerms : IErrorTerms
    {
        public static int Sums => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TD Add<TD>(int index, TD sum, TD x, TD y)
            where TD : struct, IDoubleVector<TD> => index switch
            {
                0 => TD.MultiplyAdd(x, y, sum),
                1 => TD.MultiplyAdd(x, x, sum),
                _ => TD.MultiplyAdd(y, y, sum),
            };
    }
}
