using Augur.Tensors;

namespace Augur.Caching;

/// <summary>
/// Which rows of the batch a feature is computed from, and for which of their tokens it is wanted. A branch narrows everything it closes
/// over (shift, scale, positions, text) with the same selection. What a token needs of the others (keys, values) comes from all of them.
/// </summary>
/// <param name="RowIndices">Int32 [rows]: entries of the batch. None: all.</param>
/// <param name="TokenIndices">Int32 [rows, k]: tokens of each selected entry. None: all.</param>
public readonly record struct Selection(Tensor? RowIndices = null, Tensor? TokenIndices = null)
{
    /// <summary>All rows, all tokens.</summary>
    public static Selection Everything => default;

    /// <summary>The selected rows of something that has one entry per row of the batch, such as a modulation vector [batch, channels].</summary>
    public Tensor NarrowRows(Tensor perRow) => RowIndices is null ? perRow : perRow.GatherRows(RowIndices);

    /// <summary>The wanted tokens of the selected rows: [rows, tokens, channels] → [rows, k, channels].</summary>
    public Tensor NarrowTokens(Tensor rows) => TokenIndices is null ? rows : rows.GatherTokens(TokenIndices);
}
