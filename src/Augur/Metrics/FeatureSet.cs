namespace Augur.Metrics;

/// <summary>
/// The features of many pictures: one row of numbers per picture. Distances between two sets compare collections of pictures that are not paired.
/// Immutable.
/// </summary>
public sealed class FeatureSet
{
    // Stored in double precision, in which all measurements sum. [count, dimensions]
    private readonly double[] _values;

    /// <summary>Makes a set from copies of rows.</summary>
    /// <param name="rows">At least one, each of the same length of at least 1, all finite.</param>
    /// <exception cref="ArgumentException">There is no row, a row has another length, or a value is not finite.</exception>
    public FeatureSet(IReadOnlyList<float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 || rows[0].Length == 0)
        {
            throw new ArgumentException(rows.Count == 0 ? "FeatureSet: a set needs at least one row." : "FeatureSet: row 0 has no values.");
        }

        (Count, Dimensions) = (rows.Count, rows[0].Length);
        _values = new double[(long)Count * Dimensions];
        for (var row = 0; row < Count; row++)
        {
            if (rows[row].Length != Dimensions)
            {
                throw new ArgumentException($"FeatureSet: row {row} has {rows[row].Length} values and row 0 has {Dimensions}.");
            }

            for (var i = 0; i < Dimensions; i++)
            {
                var value = rows[row][i];
                _values[(row * Dimensions) + i] = float.IsFinite(value)
                    ? value
                    : throw new ArgumentException($"FeatureSet: value {i} of row {row} is {value}; features are finite.");
            }
        }
    }

    /// <summary>Number of rows, one per picture.</summary>
    public int Count { get; }

    /// <summary>Number of values in a row.</summary>
    public int Dimensions { get; }

    /// <summary>A row. [dimensions]</summary>
    public ReadOnlySpan<double> this[int row] => _values.AsSpan(row * Dimensions, Dimensions);

    /// <summary>Throws unless two sets have rows of the same length and enough of them.</summary>
    internal static void RequireComparable(string operation, FeatureSet generated, FeatureSet reference, int least)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(reference);
        if (generated.Dimensions != reference.Dimensions)
        {
            throw new ArgumentException($"{operation}: features of {generated.Dimensions} and {reference.Dimensions} dimensions cannot be compared.");
        }

        if (Math.Min(generated.Count, reference.Count) < least)
        {
            throw new ArgumentException($"{operation}: sets of {generated.Count} and {reference.Count} rows; at least {least} are needed in each.");
        }
    }
}
