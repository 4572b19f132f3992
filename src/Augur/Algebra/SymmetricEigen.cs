namespace Augur.Algebra;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix in double precision: reduction to a tridiagonal matrix, then the implicit QR iteration with
/// Wilkinson's shift (Golub and Van Loan, "Matrix Computations", section 8.3). An eigenvalue's error is about 1e-16 of the largest one, whatever the
/// rank.
/// </summary>
/// <param name="Values">Eigenvalues, descending. [order]</param>
/// <param name="Vectors">Row i is the unit eigenvector of value i; empty if only values were computed. [order, order]</param>
internal sealed record SymmetricEigen(double[] Values, double[] Vectors)
{
    private const double Epsilon = 2.220446049250313e-16;

    // An eigenvalue takes about two iterations; reaching the limit means that the input was not finite.
    private const int MaxIterationsPerValue = 60;

    /// <summary>Computes eigenvalues and eigenvectors.</summary>
    /// <param name="matrix">[order, order], symmetric and finite, both halves filled; overwritten.</param>
    /// <param name="order">Rows and columns, at least 1.</param>
    public static SymmetricEigen DecomposeInPlace(double[] matrix, int order)
    {
        var (values, rows) = Iterate(matrix, order, withVectors: true);
        var byValue = Enumerable.Range(0, order).OrderByDescending(i => values[i]).ToArray();
        var vectors = new double[order * order];
        for (var i = 0; i < order; i++)
        {
            rows.AsSpan(byValue[i] * order, order).CopyTo(vectors.AsSpan(i * order));
        }

        return new SymmetricEigen(Array.ConvertAll(byValue, i => values[i]), vectors);
    }

    /// <summary>Computes only the eigenvalues, in a fraction of the time.</summary>
    /// <param name="matrix">[order, order], symmetric and finite, both halves filled; overwritten.</param>
    /// <param name="order">Rows and columns, at least 1.</param>
    public static double[] ValuesInPlace(double[] matrix, int order)
    {
        var (values, _) = Iterate(matrix, order, withVectors: false);
        return [.. values.OrderDescending()];
    }

    // Scaled to a largest entry of 1, so that no square overflows or vanishes.
    private static (double[] Values, double[] Rows) Iterate(double[] matrix, int order, bool withVectors)
    {
        var scale = Math.Max(matrix.Max(), -matrix.Min());
        if (scale > 0)
        {
            for (var i = 0; i < matrix.Length; i++)
            {
                matrix[i] /= scale;
            }
        }

        var (d, e, rows) = Tridiagonal.ReduceInPlace(matrix, order, withVectors);
        var iterations = 0;
        for (var last = order - 1; last > 0;)
        {
            var first = FirstOfBlock(d, e, last);
            if (first == last)
            {
                last--;
            }
            else if (++iterations > MaxIterationsPerValue * order)
            {
                throw new ArithmeticException($"The eigenvalues of a matrix of order {order} did not settle within {iterations - 1} iterations.");
            }
            else
            {
                Sweep(d, e, rows, first, last);
            }
        }

        return (Array.ConvertAll(d, value => value * scale), rows);
    }

    // First index of the unreduced block that ends at last; negligible off-diagonal entries are set to 0.
    private static int FirstOfBlock(double[] d, double[] e, int last)
    {
        var first = last;
        while (first > 0)
        {
            if (Math.Abs(e[first - 1]) <= Epsilon * (Math.Abs(d[first - 1]) + Math.Abs(d[first])))
            {
                e[first - 1] = 0;
                break;
            }

            first--;
        }

        return first;
    }

    // One QR step on the block: a shift near the last eigenvalue, then rotations that chase the bulge down.
    private static void Sweep(double[] d, double[] e, double[] rows, int first, int last)
    {
        var half = (d[last - 1] - d[last]) / 2;
        var below = e[last - 1];
        var shift = d[last] - (below * below / (half + Math.CopySign(double.Hypot(half, below), half)));
        var (x, bulge) = (d[first] - shift, e[first]);
        for (var k = first; k < last; k++)
        {
            var length = double.Hypot(x, bulge);
            var (cosine, sine) = length == 0 ? (1, 0) : (x / length, bulge / length);
            if (k > first)
            {
                e[k - 1] = length;
            }

            var (upper, lower, beside) = (d[k], d[k + 1], e[k]);
            d[k] = (cosine * cosine * upper) + (2 * cosine * sine * beside) + (sine * sine * lower);
            d[k + 1] = (sine * sine * upper) - (2 * cosine * sine * beside) + (cosine * cosine * lower);
            e[k] = (cosine * sine * (lower - upper)) + (((cosine * cosine) - (sine * sine)) * beside);
            if (k < last - 1)
            {
                (x, bulge) = (e[k], sine * e[k + 1]);
                e[k + 1] *= cosine;
            }

            if (rows.Length > 0)
            {
                VectorArithmetic.RotateInPlace(rows.AsSpan(k * d.Length, d.Length), rows.AsSpan((k + 1) * d.Length, d.Length), cosine, sine);
            }
        }
    }
}
