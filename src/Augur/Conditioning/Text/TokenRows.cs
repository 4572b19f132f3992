using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>
/// Rows of token numbers of one batch, filled up to the longest; what stands behind a row's own tokens changes none of its results.
/// </summary>
internal sealed class TokenRows
{
    private TokenRows(IndexTable ids, IndexTable counts, int length) => (Ids, Counts, Length) = (ids, counts, length);

    /// <summary>Token numbers, [rows · length].</summary>
    public IndexTable Ids { get; }

    /// <summary>Tokens of each row, [rows].</summary>
    public IndexTable Counts { get; }

    /// <summary>Tokens of the longest row.</summary>
    public int Length { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Counts.Shape[0];

    /// <summary>Makes the tables, which the current scope owns.</summary>
    /// <param name="encoder">Name, for messages.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="rows">One or more rows of one or more tokens.</param>
    /// <param name="vocabulary">Token numbers are below.</param>
    /// <param name="fill">What short rows are filled up with.</param>
    /// <param name="length">Tokens to which all are filled up; null: the longest row's.</param>
    /// <exception cref="ArgumentException">There is no row, a row is empty, or a number is none of a token.</exception>
    public static TokenRows From(string encoder, IBackend backend, IReadOnlyList<int[]> rows, int vocabulary, int fill = 0, int? length = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            throw new ArgumentException($"{encoder}: there is no text to encode.", nameof(rows));
        }

        var longest = rows.Max(row => row.Length);
        var size = Math.Max(longest, length ?? longest);
        var ids = new int[rows.Count * size];
        Array.Fill(ids, fill);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length == 0)
            {
                throw new ArgumentException($"{encoder}: row {i} has no token; it has one at least.", nameof(rows));
            }

            foreach (var id in rows[i])
            {
                if (id < 0 || id >= vocabulary)
                {
                    throw new ArgumentException($"{encoder}: row {i} has token {id}; there are {vocabulary} tokens, from 0 on.", nameof(rows));
                }
            }

            rows[i].CopyTo(ids, i * size);
        }

        return new TokenRows(IndexTable.From(backend, ids), IndexTable.From(backend, [.. rows.Select(row => row.Length)]), size);
    }

    /// <summary>The rows of a table that the tokens name: [rows, length, channels] in single precision.</summary>
    /// <param name="table">[vocabulary, channels].</param>
    public Tensor Embed(LookupTable table) => table.Look(Ids).Reshape([Count, Length, table.Columns]);
}
