namespace Augur.Caching.Forecasting;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations.</summary>
internal static class SymmetricModes
{
    private const int Sweeps = 40; // a handful are enough

    /// <summary>Of the leading part of a matrix.</summary>
    /// <param name="matrix">Symmetric, finite; not changed.</param>
    /// <param name="count">Rows and columns that are looked at.</param>
    /// <returns>Eigenvalues [count], at least 0 but for rounding, and eigenvectors in the columns of [count, count].</returns>
    public static (double[] Values, double[,] Vectors) Of(double[,] matrix, int count)
    {
        var a = new double[count, count];
        var vectors = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            vectors[i, i] = 1;
            for (var j = 0; j < count; j++)
            {
                a[i, j] = matrix[i, j];
            }
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var p = 0; p < count; p++)
            {
                for (var q = p + 1; q < count; q++)
                {
                    Rotate(a, vectors, count, p, q);
                }
            }
        }

        return ([.. Enumerable.Range(0, count).Select(i => a[i, i])], vectors);
    }

    // Makes a[p, q] zero.
    private static void Rotate(double[,] a, double[,] vectors, int count, int p, int q)
    {
        if (a[p, q] == 0)
        {
            return;
        }

        var half = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        var tangent = double.IsInfinity(half) ? 0 : (half < 0 ? -1 : 1) / (Math.Abs(half) + Math.Sqrt((half * half) + 1));
        var cosine = 1 / Math.Sqrt((tangent * tangent) + 1);
        var sine = tangent * cosine;
        for (var k = 0; k < count; k++)
        {
            (a[k, p], a[k, q]) = ((cosine * a[k, p]) - (sine * a[k, q]), (sine * a[k, p]) + (cosine * a[k, q]));
        }

        for (var k = 0; k < count; k++)
        {
            (a[p, k], a[q, k]) = ((cosine * a[p, k]) - (sine * a[q, k]), (sine * a[p, k]) + (cosine * a[q, k]));
            (vectors[k, p], vectors[k, q]) = ((cosine * vectors[k, p]) - (sine * vectors[k, q]), (sine * vectors[k, p]) + (cosine * vectors[k, q]));
        }
    }
}
