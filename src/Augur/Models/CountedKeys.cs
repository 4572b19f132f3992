using Augur.Tensors;

namespace Augur.Models;

/// <summary>
/// Attention over streams whose rows have different numbers of tokens: behind those that are there, nobody attends to what fills a row up.
/// </summary>
internal static class CountedKeys
{
    /// <summary>Attention of queries [rows, k, channels] to the keys that are there, for the next product to read.</summary>
    /// <param name="queries">Of some tokens.</param>
    /// <param name="keys">Of all tokens, [rows, tokens, channels].</param>
    /// <param name="values">The keys' shape.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="counts">How many keys each row has.</param>
    public static Tensor Attend(Tensor queries, Tensor keys, Tensor values, int heads, IReadOnlyList<int> counts) => queries.AttendTo(
        keys, values, heads, new AttentionOptions(KeyCounts: AreAll(keys, counts) ? null : IndexTable.From(keys.Backend, [.. counts])),
        keys.ActivationType);

    /// <summary>
    /// How much each token is read by the queries that are there, [rows, tokens]; what fills a row up is not read. Queries lie as the keys do, from
    /// the first token on.
    /// </summary>
    public static Tensor Received(Tensor queries, Tensor keys, int heads, IReadOnlyList<int> counts)
    {
        if (AreAll(keys, counts))
        {
            return queries.AttentionColumnSums(keys, heads);
        }

        var received = Tensor.Zeros(keys.Backend, [keys.Shape[0], keys.Shape[1]]);
        for (var row = 0; row < keys.Shape[0]; row++)
        {
            var reading = queries.Rows(row, 1).Slice(1, 0, Math.Min(queries.Shape[1], counts[row]));
            var sums = reading.AttentionColumnSums(keys.Rows(row, 1).Slice(1, 0, counts[row]), heads);
            received.Rows(row, 1).Columns(0, counts[row]).CopyFromInPlace(sums);
        }

        return received;
    }

    private static bool AreAll(Tensor keys, IReadOnlyList<int> counts) => counts.All(count => count == keys.Shape[1]);
}
