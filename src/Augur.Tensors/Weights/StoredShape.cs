namespace Augur.Tensors.Weights;

/// <summary>Validates extents from a file and makes a <see cref="Shape"/> of them.</summary>
internal static class StoredShape
{
    private const long MaxElements = 1L << 40;

    public static Shape Create(WeightSource source, string name, ReadOnlySpan<long> extents)
    {
        var tensor = WeightFileException.Quote(name);
        if (extents.Length > Shape.MaxRank)
        {
            throw source.Error($"tensor {tensor} has {extents.Length} axes; at most {Shape.MaxRank} are possible.");
        }

        // Axes of extent 0 count as 1 here, so that the product of the others is limited as well and cannot overflow later.
        long product = 1;
        Span<int> checkedExtents = stackalloc int[extents.Length];
        for (var i = 0; i < extents.Length; i++)
        {
            if (extents[i] < 0 || extents[i] > int.MaxValue || Math.Max(1, extents[i]) > MaxElements / product)
            {
                throw source.Error($"tensor {tensor} has the impossible shape [{string.Join(", ", extents.ToArray())}].");
            }

            product *= Math.Max(1, extents[i]);
            checkedExtents[i] = (int)extents[i];
        }

        return new Shape(checkedExtents);
    }
}
