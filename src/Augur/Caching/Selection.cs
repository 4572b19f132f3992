using Augur.Tensors;

namespace Augur.Caching;

/// <summary>
/// Which rows of the batch a feature is computed from, and for which of their tokens it is wanted. A branch narrows everything it closes
/// over (shift, scale, positions, text) with the same selection. What a token needs of the others (keys, values) comes from all of them.
/// </summary>
public readonly struct Selection
{
    private readonly int[]? _rows;

    /// <summary>Selects.</summary>
    /// <param name="backend">Where index tables lie.</param>
    /// <param name="rows">Entries of the batch; null: all.</param>
    /// <param name="tokens">Int32 [rows, k]: tokens of each selected entry; null: all.</param>
    internal Selection(IBackend backend, int[]? rows, Tensor? tokens = null)
    {
        (_rows, TokenIndices) = (rows, tokens);
        RowIndices = rows is null ? null : Tensor.From(backend, rows, [rows.Length]);
    }

    /// <summary>All rows, all tokens.</summary>
    public static Selection Everything => default;

    /// <summary>Int32 [rows]: entries of the batch; null: all.</summary>
    public Tensor? RowIndices { get; }

    /// <summary>Int32 [rows, k]: tokens of each selected entry; null: all.</summary>
    public Tensor? TokenIndices { get; }

    /// <summary>The selected rows of something that has one entry per row of the batch, such as a modulation vector [batch, channels].</summary>
    public Tensor NarrowRows(Tensor perRow) => RowIndices is null ? perRow : perRow.GatherRows(RowIndices);

    /// <summary>The same of what lies on the host: timesteps, conditions.</summary>
    public IReadOnlyList<T> NarrowRows<T>(IReadOnlyList<T> perRow) => _rows is null ? perRow : Array.ConvertAll(_rows, row => perRow[row]);

    /// <summary>The wanted tokens of the selected rows: [rows, tokens, channels] → [rows, k, channels].</summary>
    public Tensor NarrowTokens(Tensor rows) => TokenIndices is null ? rows : rows.GatherTokens(TokenIndices);
}
