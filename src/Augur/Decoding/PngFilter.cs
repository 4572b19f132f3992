namespace Augur.Decoding;

/// <summary>The five row filters of PNG (section 9): a byte is stored as its difference from a prediction by its neighbours.</summary>
internal static class PngFilter
{
    /// <summary>Number of filters: none, left, above, average, Paeth.</summary>
    public const int Count = 5;

    /// <summary>
    /// Filters a row and returns the sum of the differences' magnitudes, by which the writer chooses a filter (PNG specification, 12.7).
    /// </summary>
    public static long Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int bytesPerPixel, Span<byte> filtered)
    {
        long cost = 0;
        for (var i = 0; i < row.Length; i++)
        {
            var (left, corner) = i < bytesPerPixel ? ((byte)0, (byte)0) : (row[i - bytesPerPixel], above[i - bytesPerPixel]);
            var difference = (byte)(row[i] - Predict(filter, left, above[i], corner));
            filtered[i] = difference;
            cost += Math.Abs((int)(sbyte)difference);
        }

        return cost;
    }

    /// <summary>Restores a filtered row in place, given the restored row above it.</summary>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int bytesPerPixel)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var (left, corner) = i < bytesPerPixel ? ((byte)0, (byte)0) : (row[i - bytesPerPixel], above[i - bytesPerPixel]);
            row[i] += Predict(filter, left, above[i], corner);
        }
    }

    private static byte Predict(int filter, byte left, byte above, byte corner) => filter switch
    {
        0 => 0,
        1 => left,
        2 => above,
        3 => (byte)((left + above) / 2),
        _ => Paeth(left, above, corner),
    };

    // The neighbour nearest to left + above − corner; ties prefer left, then above.
    private static byte Paeth(int left, int above, int corner)
    {
        int toLeft = Math.Abs(above - corner), toAbove = Math.Abs(left - corner), toCorner = Math.Abs(left + above - (2 * corner));
        return (byte)(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner);
    }
}
