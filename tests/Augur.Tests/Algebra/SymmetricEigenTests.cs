using Augur.Algebra;

namespace Augur.Tests.Algebra;

public sealed class SymmetricEigenTests
{
    public static TheoryData<string, int> Matrices => new()
    {
        { "random", 1 }, { "random", 2 }, { "random", 3 }, { "random", 61 }, { "rank 3", 50 }, { "graded", 40 }, { "identity", 9 }, { "zero", 7 },
            { "tiny", 12 }, { "huge", 12 },
    };

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Values_and_unit_vectors_give_the_matrix_back(string kind, int order)
    {
        var matrix = Matrix(kind, order);
        var scale = matrix.Max(Math.Abs);
        var (values, vectors) = SymmetricEigen.DecomposeInPlace([.. matrix], order);
        Assert.Equal(values.OrderDescending(), values);
        for (var i = 0; i < order; i++)
        {
            for (var j = 0; j < order; j++)
            {
                var (entry, product) = (0.0, 0.0);
                for (var k = 0; k < order; k++)
                {
                    entry += vectors[(k * order) + i] * values[k] * vectors[(k * order) + j];
                    product += vectors[(i * order) + k] * vectors[(j * order) + k];
                }

                Assert.Equal(matrix[(i * order) + j], entry, 1e-13 * order * scale);
                Assert.Equal(i == j ? 1 : 0, product, 1e-13 * order);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Values_alone_are_the_same(string kind, int order)
    {
        var matrix = Matrix(kind, order);
        var values = SymmetricEigen.DecomposeInPlace([.. matrix], order).Values;
        Assert.Equal(values, SymmetricEigen.ValuesInPlace([.. matrix], order));
    }

    [Fact]
    public void Values_of_the_second_difference_matrix_are_the_known_cosines()
    {
        const int Order = 200;
        var matrix = new double[Order * Order];
        for (var i = 0; i < Order; i++)
        {
            matrix[i * (Order + 1)] = 2;
            if (i > 0)
            {
                matrix[(i * Order) + i - 1] = matrix[((i - 1) * Order) + i] = -1;
            }
        }

        var values = SymmetricEigen.ValuesInPlace(matrix, Order);
        Assert.All(Enumerable.Range(0, Order), i => Assert.Equal(2 + (2 * Math.Cos(Math.PI * (i + 1) / (Order + 1))), values[i], 1e-13));
    }

    [Fact]
    public void A_matrix_that_is_not_finite_ends_in_an_error() =>
        Assert.Throws<ArithmeticException>(() => SymmetricEigen.ValuesInPlace([1, double.NaN, double.NaN, 1], 2));

    private static double[] Matrix(string kind, int order)
    {
        var random = new Random(order);
        var rank = kind == "rank 3" ? 3 : order;
        var factors = Enumerable.Range(0, rank).Select(_ => Enumerable.Range(0, order).Select(_ => random.NextDouble() - 0.5).ToArray()).ToArray();
        return [.. from i in Enumerable.Range(0, order) from j in Enumerable.Range(0, order) select Entry(i, j)];

        double Entry(int i, int j) => kind switch
        {
            "identity" => i == j ? 1 : 0,
            "zero" => 0,
            "random" => factors[Math.Min(i, j)][Math.Max(i, j)], // signs of both kinds among the values
            "graded" => factors.Sum(f => f[i] * f[j]) * Math.Pow(10, -(i + j) / 4.0),
            "tiny" => factors.Sum(f => f[i] * f[j]) * 1e-250,
            "huge" => factors.Sum(f => f[i] * f[j]) * 1e250,
            _ => factors.Sum(f => f[i] * f[j]),
        };
    }
}
