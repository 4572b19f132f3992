namespace Augur.Algebra;

/// <summary>
/// A symmetric matrix A as Q·T·Qᵀ with T tridiagonal, by Householder's reflections (Golub and Van Loan, "Matrix Computations", section 8.3.1).
/// </summary>
/// <param name="Diagonal">Diagonal of T. [order]</param>
/// <param name="OffDiagonal">Entries of T below the diagonal. [order − 1]</param>
/// <param name="Rows">Qᵀ, or empty if it was not requested. [order, order]</param>
internal sealed record Tridiagonal(double[] Diagonal, double[] OffDiagonal, double[] Rows)
{
    /// <summary>Reduces a matrix to tridiagonal form.</summary>
    /// <param name="matrix">[order, order], symmetric, both halves filled; overwritten.</param>
    /// <param name="order">Rows and columns, at least 1.</param>
    /// <param name="withRows">Whether Qᵀ is wanted, which takes about half of the time.</param>
    public static Tridiagonal ReduceInPlace(double[] matrix, int order, bool withRows)
    {
        var (diagonal, offDiagonal) = (new double[order], new double[order - 1]);
        var (factors, product) = (new double[order], new double[order]);
        for (var k = 0; k < order; k++)
        {
            diagonal[k] = matrix[(k * order) + k];
            if (k < order - 1)
            {
                // The vector of the reflection is stored in the row that it eliminates.
                var vector = matrix.AsSpan((k * order) + k + 1, order - k - 1);
                (factors[k], offDiagonal[k]) = ReflectorInPlace(vector);
                ReflectBothSides(matrix, order, k + 1, vector, factors[k], product.AsSpan(0, vector.Length));
            }
        }

        return new Tridiagonal(diagonal, offDiagonal, withRows ? Accumulated(matrix, order, factors) : []);
    }

    // x becomes v such that (I − factor · v · vᵀ) x = (image, 0, …, 0). If x already has this form, the factor is 0.
    private static (double Factor, double Image) ReflectorInPlace(Span<double> x)
    {
        var tail = VectorArithmetic.Dot(x[1..], x[1..]);
        var first = x[0];
        if (tail == 0)
        {
            return (0, first);
        }

        // The sign avoids cancellation.
        var image = first > 0 ? -Math.Sqrt((first * first) + tail) : Math.Sqrt((first * first) + tail);
        x[0] = first - image;
        return (2 / ((x[0] * x[0]) + tail), image);
    }

    // With H = I − factor · v · vᵀ and w = factor · A·v − (factor² · vᵀ·A·v / 2) · v:  H·A·H = A − v·wᵀ − w·vᵀ, on the rows and columns from start.
    private static void ReflectBothSides(double[] matrix, int order, int start, ReadOnlySpan<double> v, double factor, Span<double> w)
    {
        if (factor == 0)
        {
            return;
        }

        for (var i = 0; i < w.Length; i++)
        {
            w[i] = factor * VectorArithmetic.Dot(matrix.AsSpan(((start + i) * order) + start, v.Length), v);
        }

        VectorArithmetic.AddScaledInPlace(w, -factor * VectorArithmetic.Dot(w, v) / 2, v);
        for (var i = 0; i < w.Length; i++)
        {
            var row = matrix.AsSpan(((start + i) * order) + start, v.Length);
            VectorArithmetic.AddScaledInPlace(row, -v[i], w);
            VectorArithmetic.AddScaledInPlace(row, -w[i], v);
        }
    }

    // Qᵀ = H(last) · … · H(0), multiplied from the left: before H(k) comes, the product differs from the identity only from k + 2 on.
    private static double[] Accumulated(double[] vectors, int order, double[] factors)
    {
        var rows = new double[order * order];
        for (var i = 0; i < order; i++)
        {
            rows[(i * order) + i] = 1;
        }

        for (var k = order - 2; k >= 0; k--)
        {
            var vector = vectors.AsSpan((k * order) + k + 1, order - k - 1);
            for (var i = k + 1; i < order && factors[k] != 0; i++)
            {
                var row = rows.AsSpan((i * order) + k + 1, vector.Length);
                VectorArithmetic.AddScaledInPlace(row, -factors[k] * VectorArithmetic.Dot(row, vector), vector);
            }
        }

        return rows;
    }
}
