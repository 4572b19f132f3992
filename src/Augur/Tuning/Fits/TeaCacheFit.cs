using Augur.Caching.Policies;

namespace Augur.Tuning;

/// <summary>
/// Fits the polynomial of <see cref="TeaCachePolicy"/>: least squares of the change of the output as a function of the change of the modulated input
/// (arXiv 2411.19108, section 3.3).
/// </summary>
/// <param name="Coefficients">Coefficients, highest power first.</param>
/// <param name="Determination">R²: share of the output changes' variance that the polynomial explains; at most 1.</param>
/// <param name="Calls">Number of calls that it was fitted to.</param>
public sealed record TeaCacheFit(IReadOnlyList<double> Coefficients, double Determination, int Calls)
{
    /// <summary>Fits a polynomial.</summary>
    /// <param name="runs">Measured calls of uncached runs; the first call of a run has no change and is left out.</param>
    /// <param name="degree">Degree, 0 to 8; published: 4.</param>
    /// <exception cref="ArgumentException">The degree is out of range, or there are fewer distinct changes than coefficients.</exception>
    public static TeaCacheFit Of(IReadOnlyList<IReadOnlyList<CallChange>> runs, int degree)
    {
        RequireDegree(degree, runs.Sum(r => r.Count - 1));
        var points = runs.SelectMany(r => r.Skip(1)).Where(c => double.IsFinite(c.Input) && double.IsFinite(c.Output)).ToArray();
        if (points.Select(p => p.Input).Distinct().Count() <= degree)
        {
            var different = points.Select(p => p.Input).Distinct().Count();
            throw new ArgumentException($"A polynomial of degree {degree} needs {degree + 1} different changes; these runs have {different}.");
        }

        var largest = Math.Max(points.Max(p => p.Input), 1e-30); // scaling to at most 1 keeps the equations well conditioned
        var scaled = Solve(Normal([.. points.Select(p => (p.Input / largest, p.Output))], degree + 1));
        double[] coefficients = [.. scaled.Select((c, power) => c / Math.Pow(largest, power)).Reverse()];
        var mean = points.Average(p => p.Output);
        var left = points.Sum(p => Square(p.Output - coefficients.Aggregate(0.0, (y, c) => (y * p.Input) + c)));
        var whole = points.Sum(p => Square(p.Output - mean));
        return new TeaCacheFit(coefficients, whole == 0 ? 1 : 1 - (left / whole), points.Length);
    }

    /// <summary>Checks before any computation that a polynomial can be fitted.</summary>
    /// <param name="degree">Degree, 0 to 8.</param>
    /// <param name="changes">Number of changes from call to call, over all runs.</param>
    /// <exception cref="ArgumentException">The degree is out of range, or there are fewer changes than coefficients.</exception>
    public static void RequireDegree(int degree, int changes)
    {
        if (degree is < 0 or > 8)
        {
            throw new ArgumentException($"The degree is {degree}; it lies between 0 and 8.");
        }

        if (changes <= degree)
        {
            throw new ArgumentException($"A polynomial of degree {degree} needs {degree + 1} different changes; these runs have {changes}.");
        }
    }

    private static double Square(double x) => x * x;

    // Σ xⁱ⁺ʲ · cⱼ = Σ xⁱ · y, each row followed by its right-hand side.
    private static double[][] Normal((double X, double Y)[] points, int count) =>
        [.. Enumerable.Range(0, count).Select(i =>
            Enumerable.Range(0, count).Select(j => points.Sum(p => Math.Pow(p.X, i + j))).Append(points.Sum(p => Math.Pow(p.X, i) * p.Y)).ToArray())];

    // Gaussian elimination with partial pivoting.
    private static double[] Solve(double[][] rows)
    {
        var n = rows.Length;
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(r => Math.Abs(rows[r][column]));
            (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
            foreach (var row in rows.Where((_, r) => r != column))
            {
                var factor = row[column] / rows[column][column];
                for (var j = column; j <= n; j++)
                {
                    row[j] -= factor * rows[column][j];
                }
            }
        }

        return [.. rows.Select((row, i) => row[n] / row[i])];
    }
}
