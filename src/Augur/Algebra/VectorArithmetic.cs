using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Augur.Algebra;

/// <summary>Sums over vectors in double precision, in one fixed order of four lanes, so that every machine gives the same bits.</summary>
internal static class VectorArithmetic
{
    /// <summary>Σ a · b.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var left = Lanes(a);
        var right = Lanes(b);
        var sums = Vector256<double>.Zero;
        for (var i = 0; i < left.Length; i++)
        {
            sums += left[i] * right[i];
        }

        var sum = Total(sums);
        for (var i = 4 * left.Length; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Σ (a − b)².</summary>
    public static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var left = Lanes(a);
        var right = Lanes(b);
        var sums = Vector256<double>.Zero;
        for (var i = 0; i < left.Length; i++)
        {
            var difference = left[i] - right[i];
            sums += difference * difference;
        }

        var sum = Total(sums);
        for (var i = 4 * left.Length; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return sum;
    }

    /// <summary>y ← y + factor · x.</summary>
    public static void AddScaledInPlace(Span<double> y, double factor, ReadOnlySpan<double> x)
    {
        var to = MemoryMarshal.Cast<double, Vector256<double>>(y);
        var from = Lanes(x);
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i] * factor;
        }

        for (var i = 4 * to.Length; i < y.Length; i++)
        {
            y[i] += x[i] * factor;
        }
    }

    /// <summary>(x, y) ← (cosine · x + sine · y, cosine · y − sine · x).</summary>
    public static void RotateInPlace(Span<double> x, Span<double> y, double cosine, double sine)
    {
        var xs = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var ys = MemoryMarshal.Cast<double, Vector256<double>>(y);
        for (var i = 0; i < xs.Length; i++)
        {
            (xs[i], ys[i]) = ((xs[i] * cosine) + (ys[i] * sine), (ys[i] * cosine) - (xs[i] * sine));
        }

        for (var i = 4 * xs.Length; i < x.Length; i++)
        {
            (x[i], y[i]) = ((cosine * x[i]) + (sine * y[i]), (cosine * y[i]) - (sine * x[i]));
        }
    }

    private static ReadOnlySpan<Vector256<double>> Lanes(ReadOnlySpan<double> values) => MemoryMarshal.Cast<double, Vector256<double>>(values);

    private static double Total(Vector256<double> sums) => sums[0] + sums[1] + (sums[2] + sums[3]);
}
