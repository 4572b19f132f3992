using Augur.Algebra;

namespace Augur.Tuning;

/// <summary>The least-squares problems of one gap between computed calls: for each direction of a token, target ≈ Σ weight · feature.</summary>
/// <param name="features">Number of features.</param>
/// <param name="directions">Number of directions, K.</param>
internal sealed class ForecastSystem(int features, int directions)
{
    private readonly double[][,] _gram = [.. Enumerable.Range(0, directions).Select(_ => new double[features, features])];
    private readonly double[][] _cross = [.. Enumerable.Range(0, directions).Select(_ => new double[features])];

    /// <summary>Adds pictures.</summary>
    /// <param name="pictures">
    /// Of each its features and what they are to give, [tokens · K] each, and how much the picture counts.
    /// </param>
    public void Add(IReadOnlyList<(float[][] Features, float[] Target, double Weight)> pictures) => Parallel.For(0, directions, k =>
    {
        foreach (var (known, target, weight) in pictures)
        {
            Add(known, target, weight, k);
        }
    });

    private void Add(float[][] known, float[] target, double weight, int k)
    {
        for (var i = 0; i < features; i++)
        {
            for (var at = k; at < target.Length; at += directions)
            {
                var value = weight * known[i][at];
                _cross[k][i] += value * target[at];
                for (var j = 0; j <= i; j++)
                {
                    _gram[k][i, j] += value * known[j][at];
                }
            }
        }
    }

    /// <summary>The weights, [features][K]: those of all directions together first, then of each, drawn towards the common ones.</summary>
    /// <param name="ridge">Added to the diagonal of the common problem, relative to it.</param>
    /// <param name="pull">Added to the diagonal of each direction's problem, relative to it, around the common weights.</param>
    public float[][] Solve(double ridge, double pull)
    {
        var common = Solve(i => j => _gram.Sum(g => g[i, j]), [.. Enumerable.Range(0, features).Select(i => _cross.Sum(c => c[i]))], ridge);
        var weights = Enumerable.Range(0, features).Select(_ => new float[directions]).ToArray();
        for (var k = 0; k < directions; k++)
        {
            var (gram, cross) = (_gram[k], new double[features]);
            for (var i = 0; i < features; i++)
            {
                cross[i] = _cross[k][i];
                for (var j = 0; j < features; j++)
                {
                    cross[i] -= gram[Math.Max(i, j), Math.Min(i, j)] * common[j];
                }
            }

            var own = Solve(i => j => gram[i, j], cross, pull);
            for (var i = 0; i < features; i++)
            {
                weights[i][k] = (float)(common[i] + own[i]);
            }
        }

        return weights;
    }

    // A feature that is always 0 has no weight.
    private double[] Solve(Func<int, Func<int, double>> lower, double[] cross, double ridge)
    {
        var matrix = new double[features, features];
        for (var i = 0; i < features; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                matrix[i, j] = matrix[j, i] = lower(i)(j);
            }

            matrix[i, i] = matrix[i, i] == 0 ? 1 : matrix[i, i] * (1 + ridge);
        }

        return LinearSystem.Solve(matrix, cross);
    }
}
