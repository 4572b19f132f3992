namespace Augur.Pipelines;

/// <summary>Cuts what waits for the network into calls of bounded size.</summary>
internal static class RowBatches
{
    /// <summary>Neighbours together, as many as fit; an item is never split, and a lone one may be larger than the bound.</summary>
    /// <param name="items">In the order of the calls.</param>
    /// <param name="rowsOf">Rows of the network's batch that an item takes.</param>
    /// <param name="maxRows">Most rows in one call.</param>
    public static IEnumerable<T[]> Of<T>(IEnumerable<T> items, Func<T, int> rowsOf, int maxRows)
    {
        var batch = new List<T>();
        foreach (var item in items)
        {
            if (batch.Count > 0 && batch.Sum(rowsOf) + rowsOf(item) > maxRows)
            {
                yield return [.. batch];
                batch.Clear();
            }

            batch.Add(item);
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }
}
