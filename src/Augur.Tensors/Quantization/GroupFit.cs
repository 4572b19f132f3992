using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Augur.Tensors;

/// <summary>
/// Fits a scale, or a scale and a minimum, to a group of 16 or 32 numbers: value ≈ scale · q − minimum with whole q within limits, so that the sum of
/// squared errors is small.
/// </summary>
internal static unsafe class GroupFit
{
    private const int Lanes = 8;

    // What the extremes are brought to, in steps beyond the outermost number; which of them is best depends on where the numbers lie.
    private static readonly float[] s_trials = [0, -0.8f, -0.6f, -0.4f, -0.2f, 0.2f, 0.4f, 0.6f, 0.8f];

    /// <summary>Largest magnitude.</summary>
    public static float Magnitude(float* x, int count)
    {
        var largest = Vector256<float>.Zero;
        for (var i = 0; i < count; i += Lanes)
        {
            largest = Vector256.Max(largest, Vector256.Abs(Vector256.Load(x + i)));
        }

        var most = 0f;
        for (var i = 0; i < Lanes; i++)
        {
            most = Math.Max(most, largest[i]);
        }

        return most;
    }

    /// <summary>1 / scale; 0 where that is no number.</summary>
    public static float Inverse(float scale) => float.IsFinite(1 / scale) ? 1 / scale : 0;

    /// <summary>The best scale found, of either sign, for numbers from <paramref name="low"/> (below zero) to <paramref name="high"/>.</summary>
    public static float Scale(float* x, int count, int low, int high)
    {
        var extreme = 0f;
        for (var i = 0; i < count; i++)
        {
            extreme = Math.Abs(x[i]) > Math.Abs(extreme) ? x[i] : extreme;
        }

        var (best, gain) = (0f, 0.0);
        foreach (var trial in s_trials)
        {
            Try((low + trial) / extreme);
            Try((high + trial) / extreme);
        }

        for (var again = 0; again < 2 && best != 0; again++)
        {
            Try(1 / best);
        }

        return best;

        // Of numbers q, the best scale is Σxq / Σq², and it takes (Σxq)² / Σq² away from the error.
        void Try(float inverse)
        {
            if (!float.IsFinite(inverse))
            {
                return;
            }

            var (_, squares, products) = Sums(x, count, inverse, 0, low, high);
            if (squares > 0 && products * products / squares > gain)
            {
                (best, gain) = ((float)(products / squares), products * products / squares);
            }
        }
    }

    /// <summary>The best scale and minimum found, both at least 0, for numbers from 0 to <paramref name="high"/>.</summary>
    public static (float Scale, float Minimum) ScaleAndMinimum(float* x, int count, int high)
    {
        float least = 0, most = 0;
        double sum = 0;
        for (var i = 0; i < count; i++)
        {
            (least, most) = (Math.Min(least, x[i]), Math.Max(most, x[i]));
            sum += x[i];
        }

        var best = (Scale: 0f, Minimum: 0f);
        if (!(most - least > 0) || !float.IsFinite(high / (most - least)))
        {
            return best;
        }

        var error = double.PositiveInfinity;
        foreach (var trial in s_trials)
        {
            Try((high + trial) / (most - least), -least);
        }

        for (var again = 0; again < 2 && best.Scale > 0; again++)
        {
            Try(Inverse(best.Scale), best.Minimum);
        }

        return best;

        void Try(float inverse, float shift)
        {
            var (linear, squares, products) = Sums(x, count, inverse, shift, 0, high);
            var fit = Solve(count, sum, linear, squares, products);
            var left = Remaining(count, sum, linear, squares, products, fit.Scale, fit.Minimum);
            if (fit.Scale > 0 && left < error)
            {
                (best, error) = (((float)fit.Scale, (float)fit.Minimum), left);
            }
        }
    }

    /// <summary>Sum of squared errors with a scale and a minimum, less that of the numbers themselves, which is the same for all.</summary>
    public static double Error(float* x, int count, float scale, float minimum, int low, int high)
    {
        var (linear, squares, products) = Sums(x, count, Inverse(scale), minimum, low, high);
        double sum = 0;
        for (var i = 0; i < count; i++)
        {
            sum += x[i];
        }

        return Remaining(count, sum, linear, squares, products, scale, minimum);
    }

    /// <summary>The numbers themselves.</summary>
    public static void Numbers(float* x, int count, float inverse, float shift, int low, int high, Span<sbyte> to)
    {
        for (var i = 0; i < count; i++)
        {
            to[i] = (sbyte)Math.Clamp(MathF.Round((x[i] + shift) * inverse), low, high);
        }
    }

    // Least squares: both free, or the minimum at its limit.
    private static (double Scale, double Minimum) Solve(int count, double sum, double linear, double squares, double products)
    {
        var determinant = (count * squares) - (linear * linear);
        if (determinant > 0)
        {
            var scale = ((count * products) - (sum * linear)) / determinant;
            var minimum = ((linear * products) - (squares * sum)) / determinant;
            if (minimum >= 0)
            {
                return (scale, minimum);
            }
        }

        return squares > 0 ? (products / squares, 0) : (0, 0);
    }

    private static double Remaining(int count, double sum, double linear, double squares, double products, double scale, double minimum) =>
        (scale * scale * squares) - (2 * scale * products) + (2 * minimum * sum) - (2 * scale * minimum * linear) + (count * minimum * minimum);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Linear, double Squares, double Products) Sums(float* x, int count, float inverse, float shift, int low, int high)
    {
        var (linear, squares, products) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var (factor, offset) = (Vector256.Create(inverse), Vector256.Create(shift));
        var (least, most) = (Vector256.Create((float)low), Vector256.Create((float)high));
        for (var i = 0; i < count; i += Lanes)
        {
            var value = Vector256.Load(x + i);
            var q = Vector256.Min(most, Vector256.Max(least, Vector256.Round((value + offset) * factor)));
            linear += q;
            squares += q * q;
            products += q * value;
        }

        return (Vector256.Sum(linear), Vector256.Sum(squares), Vector256.Sum(products));
    }
}
