using System.Globalization;

namespace Augur.Caching.Policies;

/// <summary>
/// What of the finished result a tolerance of <see cref="ErrorControl"/> comes to: the relative error that 95 of 100 calibration runs did not exceed.
/// Between the entries the logarithms are interpolated.
/// </summary>
internal static class ErrorCalibration
{
    /// <summary>The tolerance for an error that is wanted.</summary>
    /// <param name="error">Above 0.</param>
    /// <param name="tolerances">Ascending, above 0.</param>
    /// <param name="errors">Of each tolerance; ascending, above 0.</param>
    /// <exception cref="ArgumentException">The error is smaller than any of the calibration.</exception>
    public static double ToleranceFor(double error, IReadOnlyList<double> tolerances, IReadOnlyList<double> errors)
    {
        if (error < errors[0])
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Policy augur: error={error} is less than the calibration reaches, which is {errors[0]}."));
        }

        var above = 0; // the first entry whose error is larger than the wanted one
        while (above < errors.Count && errors[above] <= error)
        {
            above++;
        }

        if (above == errors.Count)
        {
            return tolerances[^1];
        }

        var share = Math.Log(error / errors[above - 1]) / Math.Log(errors[above] / errors[above - 1]);
        return tolerances[above - 1] * Math.Pow(tolerances[above] / tolerances[above - 1], share);
    }

    /// <summary>Refuses columns that are no calibration.</summary>
    /// <exception cref="ArgumentException">They differ in length, are empty, or do not ascend.</exception>
    public static void Require(IReadOnlyList<double> tolerances, IReadOnlyList<double> errors)
    {
        if (tolerances.Count != errors.Count || tolerances.Count == 0)
        {
            throw new ArgumentException(
                $"Policy augur: tolerances and errors have {tolerances.Count} and {errors.Count} numbers; they are columns of one table.");
        }

        for (var i = 1; i < errors.Count; i++)
        {
            if (tolerances[i] <= tolerances[i - 1] || errors[i] <= errors[i - 1])
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Policy augur: tolerances and errors ascend, but {tolerances[i]} with {errors[i]} follows {tolerances[i - 1]} with "
                        + $"{errors[i - 1]}."));
            }
        }
    }
}
