namespace Augur.Tensors;

/// <summary>
/// The sums from which error measures are computed: a backend adds up one to three sums per entry (<see cref="IBackend.RowErrorSums"/>), and the host
/// computes the measure from them.
/// </summary>
/// <remarks>
/// The sums by measure: NormRatio Σ(x − y)², Σy²; L1 Σ|x − y|; L2 Σ(x − y)²; RelativeL1 Σ(|x − y| / (|y| + 1e-10)); RelativeL2 the same squared;
/// Cosine Σxy, Σx², Σy²; L1Ratio Σ|x − y|, Σ|y|.
/// </remarks>
public static class ErrorSums
{
    /// <summary>Largest number of sums of a measure.</summary>
    public const int MaxCount = 3;

    /// <summary>Keeps a ratio finite where the denominator is 0: 1e-10, as in SpeCa, paper and code.</summary>
    public const double Tiny = 1e-10;

    /// <summary>Number of sums of a measure.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not an error measure.</exception>
    public static int Count(ErrorMeasure measure) => measure switch
    {
        ErrorMeasure.L1 or ErrorMeasure.L2 or ErrorMeasure.RelativeL1 or ErrorMeasure.RelativeL2 => 1,
        ErrorMeasure.NormRatio or ErrorMeasure.L1Ratio => 2,
        ErrorMeasure.Cosine => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "not an error measure"),
    };

    /// <summary>Computes the measure of an entry.</summary>
    /// <param name="measure">The error measure.</param>
    /// <param name="sums">Its sums.</param>
    /// <param name="elements">Number of elements of the entry; 0 gives NaN, since nothing was compared.</param>
    public static double Finish(ErrorMeasure measure, ReadOnlySpan<double> sums, double elements) => elements == 0 ? double.NaN : measure switch
    {
        ErrorMeasure.NormRatio => Math.Sqrt(sums[0]) / (Math.Sqrt(sums[1]) + Tiny),
        ErrorMeasure.L1 or ErrorMeasure.RelativeL1 => sums[0] / elements,
        ErrorMeasure.L2 or ErrorMeasure.RelativeL2 => Math.Sqrt(sums[0] / elements),
        ErrorMeasure.Cosine => 1 - (sums[0] / Math.Max(Tiny, Math.Sqrt(sums[1] * sums[2]))),
        ErrorMeasure.L1Ratio => sums[0] / (sums[1] + Tiny),
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "not an error measure"),
    };

    /// <summary>Computes the measures of several entries.</summary>
    /// <param name="measure">The error measure.</param>
    /// <param name="sums">The sums of each entry, entry after entry.</param>
    /// <param name="elements">Number of elements of an entry.</param>
    public static double[] FinishEach(ErrorMeasure measure, ReadOnlySpan<double> sums, double elements)
    {
        var count = Count(measure);
        var errors = new double[sums.Length / count];
        for (var i = 0; i < errors.Length; i++)
        {
            errors[i] = Finish(measure, sums.Slice(i * count, count), elements);
        }

        return errors;
    }
}
