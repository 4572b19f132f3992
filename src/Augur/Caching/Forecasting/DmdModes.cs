using System.Numerics;
using Augur.Algebra;

namespace Augur.Caching.Forecasting;

/// <summary>
/// The modes of a feature's changes, in double precision: D₂ … Dₘ ≈ A · (D₁ … Dₘ₋₁), where A is known on the directions in which the changes lie.
/// All that is asked of the features are the inner products of their changes.
/// </summary>
internal sealed class DmdModes
{
    private const double Smallest = 1e-4; // singular values below this share of the largest are rounding (as released)
    private const double Ridge = 1e-8; // of the largest, squared (as released)

    private readonly int _count; // columns of X = D₁ … Dₘ₋₁
    private readonly double[][] _directions; // [rank][m − 1]: V Σ⁻¹, which combine D₂ … Dₘ
    private readonly TriangularForm _map; // Ã = UᵀAU
    private readonly Complex[] _newest; // UᵀDₘ

    private DmdModes(int count, double[][] directions, TriangularForm map, Complex[] newest) =>
        (_count, _directions, _map, _newest) = (count, directions, map, newest);

    /// <summary>The modes of features at equal gaps.</summary>
    /// <param name="features">Oldest first, at least three, of one length.</param>
    /// <returns>Null: something is not finite, or the modes could not be found.</returns>
    public static DmdModes? Of(float[][] features)
    {
        var products = Products(features);
        var count = features.Length - 2;
        if (products.Cast<double>().Any(p => !double.IsFinite(p)))
        {
            return null;
        }

        double[] leading = [.. Enumerable.Range(0, count * count).Select(at => products[at / count, at % count])];
        var (squares, vectors) = SymmetricEigen.DecomposeInPlace(leading, count);
        var largest = squares.Max();
        int[] kept = [.. Enumerable.Range(0, count).Where(i => largest > 0 && squares[i] > Smallest * Smallest * largest)];
        double[][] directions = [.. kept.Select(i =>
            Enumerable.Range(0, count).Select(j => vectors[(i * count) + j] * Math.Sqrt(squares[i]) / (squares[i] + (Ridge * largest))).ToArray())];
        var map = new Complex[kept.Length, kept.Length];
        var newest = new Complex[kept.Length];
        for (var a = 0; a < kept.Length; a++)
        {
            // ⟨Uₐ, Dⱼ⟩ = Σᵢ directionsₐᵢ ⟨Dᵢ, Dⱼ⟩
            double Along(int j) => Enumerable.Range(0, count).Sum(i => directions[a][i] * products[i, j]);
            newest[a] = Along(count);
            for (var b = 0; b < kept.Length; b++)
            {
                map[a, b] = Enumerable.Range(0, count).Sum(j => Along(j + 1) * directions[b][j]);
            }
        }

        return TriangularForm.Of(map) is { } form ? new DmdModes(count, directions, form, newest) : null;
    }

    /// <summary>The coefficients of the features, oldest first, in a forecast.</summary>
    /// <param name="ahead">How far behind the newest, in gaps; above 0, not necessarily whole.</param>
    public double[] Weigh(double ahead)
    {
        // F + (A + A² + … + Aᵏ) Dₘ, continued to fractions of a gap by the geometric sum of each mode.
        var along = _map.Apply(factor => GeometricSum(factor, ahead), _newest);
        var weights = new double[_count + 2];
        for (var j = 0; j < _count; j++)
        {
            var weight = 0d; // of Dⱼ₊₂ = Fⱼ₊₃ − Fⱼ₊₂, counted from 1
            for (var a = 0; a < _directions.Length; a++)
            {
                weight += _directions[a][j] * along[a].Real;
            }

            weights[j + 2] += weight;
            weights[j + 1] -= weight;
        }

        weights[^1] += 1;
        return weights;
    }

    // 1 + λ + … + λᵏ⁻¹
    private static Complex GeometricSum(Complex factor, double count)
    {
        var off = factor - 1;
        return Complex.Abs(off) < 1e-6 ? count + (count * (count - 1) / 2 * off) : (Complex.Pow(factor, count) - 1) / off;
    }

    // ⟨Dᵢ, Dⱼ⟩ of the m changes.
    private static double[,] Products(float[][] features)
    {
        var count = features.Length - 1;
        var products = new double[count, count];
        var changes = new double[count];
        for (var element = 0; element < features[0].Length; element++)
        {
            for (var i = 0; i < count; i++)
            {
                changes[i] = (double)features[i + 1][element] - features[i][element];
                for (var j = 0; j <= i; j++)
                {
                    products[i, j] += changes[i] * changes[j];
                }
            }
        }

        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                products[j, i] = products[i, j];
            }
        }

        return products;
    }
}
