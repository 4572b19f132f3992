using System.Numerics;
using System.Runtime.InteropServices;

namespace Augur.Tuning;

/// <summary>Symmetric matrices without negative eigenvalues, by Cholesky's factors.</summary>
internal static class SpdMatrix
{
    private const double Negligible = 1e-13; // of a diagonal element: what is left is rounding

    /// <summary>
    /// The lower triangle that turns features into innovations, uncorrelated and of variance 1; a feature that says nothing new becomes 0.
    /// </summary>
    /// <param name="gram">Products of features, [n, n]; the lower half is read.</param>
    public static double[,] Whitening(double[,] gram)
    {
        var n = gram.GetLength(0);
        var (factor, inverse) = (new double[n, n], new double[n, n]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = gram[i, j];
                for (var m = 0; m < j; m++)
                {
                    sum -= factor[i, m] * factor[j, m];
                }

                factor[i, j] = j < i ? (factor[j, j] > 0 ? sum / factor[j, j] : 0) : sum > Negligible * gram[i, i] ? Math.Sqrt(sum) : 0;
            }

            for (var j = 0; j <= i && factor[i, i] > 0; j++)
            {
                var sum = i == j ? 1.0 : 0;
                for (var m = j; m < i; m++)
                {
                    sum -= factor[i, m] * inverse[m, j];
                }

                inverse[i, j] = sum / factor[i, i];
            }
        }

        return inverse;
    }

    /// <summary>Solves (A + ridge · mean diagonal) X = B.</summary>
    /// <param name="matrix">A, [n, n].</param>
    /// <param name="right">B, [n, columns].</param>
    /// <param name="n">Rows.</param>
    /// <param name="columns">Right-hand sides.</param>
    /// <param name="ridge">Above 0.</param>
    /// <returns>X, [n, columns].</returns>
    public static double[] Solve(double[] matrix, double[] right, int n, int columns, double ridge)
    {
        var added = ridge * Enumerable.Range(0, n).Average(i => matrix[(i * n) + i]);
        var factor = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[(i * n) + j] - Dot(factor.AsSpan(i * n, j), factor.AsSpan(j * n, j));
                factor[(i * n) + j] = i == j ? Math.Sqrt(Math.Max(sum + added, double.Epsilon)) : sum / factor[(j * n) + j];
            }
        }

        var x = (double[])right.Clone();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Subtract(x.AsSpan(i * columns, columns), factor[(i * n) + j], x.AsSpan(j * columns, columns));
            }

            Divide(x.AsSpan(i * columns, columns), factor[(i * n) + i]);
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++)
            {
                Subtract(x.AsSpan(i * columns, columns), factor[(j * n) + i], x.AsSpan(j * columns, columns));
            }

            Divide(x.AsSpan(i * columns, columns), factor[(i * n) + i]);
        }

        return x;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var va = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector<double>>(b);
        var sum = Vector<double>.Zero;
        for (var i = 0; i < va.Length; i++)
        {
            sum += va[i] * vb[i];
        }

        var total = Vector.Sum(sum);
        for (var i = va.Length * Vector<double>.Count; i < a.Length; i++)
        {
            total += a[i] * b[i];
        }

        return total;
    }

    private static void Subtract(Span<double> x, double factor, ReadOnlySpan<double> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            x[i] -= factor * y[i];
        }
    }

    private static void Divide(Span<double> x, double by)
    {
        for (var i = 0; i < x.Length; i++)
        {
            x[i] /= by;
        }
    }
}
