namespace Augur.Tensors.Reference;

/// <summary>
/// Products with Q8_0 weights by integers as formulas, one number at a time. The fast versions give the same bits; for other formats, whose numbers
/// have further scales and minima, they are tested against <see cref="Rounded"/> activations.
/// </summary>
internal static class IntegerProductFormula
{
    private const int Block = 32, Largest = short.MaxValue;
    private const float Tiny = 1.2621774e-29f; // 2⁻⁹⁶

    /// <summary>32 activations as integers and their scale; NaN and zeros where one of them is not finite.</summary>
    public static (int[] Integers, float Scale) Round(ReadOnlySpan<float> x)
    {
        float largest = 0;
        foreach (var value in x)
        {
            if (!float.IsFinite(value))
            {
                return (new int[x.Length], float.NaN);
            }

            largest = Math.Max(largest, Math.Abs(value));
        }

        var integers = new int[x.Length];
        if (largest == 0)
        {
            return (integers, 0);
        }

        var up = largest < Tiny ? 1 / Tiny : 1; // as the reciprocal would not be finite
        var inverse = (float)(Largest / ((double)largest * up));
        for (var i = 0; i < x.Length; i++)
        {
            integers[i] = (int)MathF.Round((float)(x[i] * up) * inverse, MidpointRounding.ToEven);
        }

        return (integers, (float)(largest / (double)Largest));
    }

    /// <summary>A row's activations as they are multiplied.</summary>
    public static double[] Rounded(ReadOnlySpan<float> row)
    {
        var values = new double[row.Length];
        for (var k = 0; k < row.Length; k += Block)
        {
            var (integers, scale) = Round(row.Slice(k, Block));
            for (var i = 0; i < Block; i++)
            {
                values[k + i] = integers[i] * (double)scale;
            }
        }

        return values;
    }

    /// <summary>y = x · Wᵀ + bias with x [rows, inputs] and W [outputs, inputs] in Q8_0.</summary>
    public static float[] Linear(ReadOnlySpan<float> x, QuantizedMatrix weight, ReadOnlySpan<float> bias)
    {
        var y = new float[x.Length / weight.Columns * weight.Rows];
        for (var i = 0; i < y.Length; i++)
        {
            var row = x.Slice(i / weight.Rows * weight.Columns, weight.Columns);
            var output = i % weight.Rows;
            y[i] = bias[output];
            for (var k = 0; k < weight.Columns; k += Block)
            {
                var block = weight.Bytes.Slice((int)((output * weight.RowBytes) + (k / Block * 34L)), 34);
                var (integers, scale) = Round(row.Slice(k, Block));
                var sum = 0;
                for (var j = 0; j < Block; j++)
                {
                    sum += integers[j] * (sbyte)block[2 + j];
                }

                y[i] = MathF.FusedMultiplyAdd((float)sum * (float)BitConverter.ToHalf(block), scale, y[i]);
            }
        }

        return y;
    }
}
