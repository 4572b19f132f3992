namespace Augur.Algebra;

/// <summary>Small dense systems of linear equations.</summary>
internal static class LinearSystem
{
    /// <summary>Solves A · x = b by elimination with partial pivoting.</summary>
    /// <param name="matrix">A, [n, n], not singular; unchanged.</param>
    /// <param name="right">b, of length n; unchanged.</param>
    public static double[] Solve(double[,] matrix, ReadOnlySpan<double> right)
    {
        var (a, x) = ((double[,])matrix.Clone(), right.ToArray());
        for (var column = 0; column < x.Length; column++)
        {
            Pivot(a, x, column);
            for (var row = column + 1; row < x.Length; row++)
            {
                var factor = a[row, column] / a[column, column];
                for (var i = column; i < x.Length; i++)
                {
                    a[row, i] -= factor * a[column, i];
                }

                x[row] -= factor * x[column];
            }
        }

        for (var row = x.Length - 1; row >= 0; row--)
        {
            for (var i = row + 1; i < x.Length; i++)
            {
                x[row] -= a[row, i] * x[i];
            }

            x[row] /= a[row, row];
        }

        return x;
    }

    private static void Pivot(double[,] a, double[] x, int column)
    {
        var best = column;
        for (var row = column + 1; row < x.Length; row++)
        {
            best = Math.Abs(a[row, column]) > Math.Abs(a[best, column]) ? row : best;
        }

        for (var i = 0; i < x.Length && best != column; i++)
        {
            (a[column, i], a[best, i]) = (a[best, i], a[column, i]);
        }

        (x[column], x[best]) = (x[best], x[column]);
    }
}
