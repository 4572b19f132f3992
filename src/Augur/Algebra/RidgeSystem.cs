namespace Augur.Algebra;

/// <summary>The inner products of a ridge regression of several targets, xᵀx and yᵀx, 0 as long as none are added.</summary>
/// <param name="inputs">Columns of x.</param>
/// <param name="count">Columns of y.</param>
internal sealed class RidgeSystem(int inputs, int count)
{
    private readonly double[] _gram = new double[inputs * inputs];
    private readonly double[] _cross = new double[count * inputs];

    /// <summary>Of products that are known.</summary>
    /// <param name="inputs">Columns of x.</param>
    /// <param name="count">Columns of y.</param>
    /// <param name="gram">xᵀx, [inputs, inputs].</param>
    /// <param name="cross">yᵀx, [count, inputs].</param>
    public RidgeSystem(int inputs, int count, float[] gram, float[] cross)
        : this(inputs, count)
    {
        (_gram, _cross) = (Array.ConvertAll(gram, v => (double)v), Array.ConvertAll(cross, v => (double)v));
    }

    /// <summary>Adds the products of other rows, or takes them away (−1).</summary>
    public void Add(RidgeSystem other, double sign)
    {
        VectorArithmetic.AddScaledInPlace(_gram, sign, other._gram);
        VectorArithmetic.AddScaledInPlace(_cross, sign, other._cross);
    }

    /// <summary>How much the squared error of these rows changes when y is taken to be map · x instead of 0.</summary>
    /// <param name="head">The map, [count][inputs].</param>
    public double Change(double[][] head)
    {
        var sum = 0.0;
        for (var k = 0; k < count; k++)
        {
            for (var i = 0; i < inputs; i++)
            {
                var product = VectorArithmetic.Dot(_gram.AsSpan(i * inputs, inputs), head[k]);
                sum += head[k][i] * (product - (2 * _cross[(k * inputs) + i]));
            }
        }

        return sum;
    }

    /// <summary>The map from x to y of least squares, [count][inputs], by Cholesky's decomposition.</summary>
    /// <param name="ridge">Added to the diagonal of xᵀx, relative to it; above 0.</param>
    public double[][] Solve(double ridge)
    {
        var lower = (double[])_gram.Clone();
        var mean = Enumerable.Range(0, inputs).Average(i => _gram[(i * inputs) + i]);
        for (var i = 0; i < inputs; i++)
        {
            lower[(i * inputs) + i] = ((1 + ridge) * lower[(i * inputs) + i]) + (1e-8 * mean) + double.Epsilon;
        }

        for (var j = 0; j < inputs; j++)
        {
            var row = lower.AsSpan(j * inputs, j + 1);
            row[j] = Math.Sqrt(Math.Max(double.Epsilon, row[j] - VectorArithmetic.Dot(row[..j], row[..j])));
            for (var i = j + 1; i < inputs; i++)
            {
                ref var element = ref lower[(i * inputs) + j];
                element = (element - VectorArithmetic.Dot(lower.AsSpan(i * inputs, j), row[..j])) / row[j];
            }
        }

        return [.. Enumerable.Range(0, count).Select(k =>
        {
            var x = _cross[(k * inputs)..((k + 1) * inputs)];
            for (var i = 0; i < inputs; i++)
            {
                x[i] = (x[i] - VectorArithmetic.Dot(lower.AsSpan(i * inputs, i), x.AsSpan(0, i))) / lower[(i * inputs) + i];
            }

            for (var i = inputs - 1; i >= 0; i--)
            {
                x[i] /= lower[(i * inputs) + i];
                VectorArithmetic.AddScaledInPlace(x.AsSpan(0, i), -x[i], lower.AsSpan(i * inputs, i));
            }

            return x;
        })];
    }
}
