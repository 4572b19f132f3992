using Augur.Tensors;

namespace Augur.Caching;

/// <summary>
/// Which rows of the batch, and which tokens of each of them, a feature is computed for. A branch narrows everything it closes over
/// (shift, scale, gate, positions, text) with the same selection that its input was narrowed with.
/// </summary>
/// <param name="RowIndices">Int32 [rows]: entries of the batch. None: all.</param>
/// <param name="TokenIndices">Int32 [rows, k]: tokens of each selected entry. None: all.</param>
public readonly record struct Selection(Tensor? RowIndices = null, Tensor? TokenIndices = null)
{
    /// <summary>All rows, all tokens.</summary>
    public static Selection Everything => default;

    /// <summary>The selected part of a residual stream [batch, tokens, channels].</summary>
    public Tensor Narrow(Tensor tokens)
    {
        var rows = NarrowRows(tokens);
        return TokenIndices is null ? rows : rows.GatherTokens(TokenIndices);
    }

    /// <summary>The selected rows of something that has one entry per row of the batch, such as a modulation vector [batch, channels].</summary>
    public Tensor NarrowRows(Tensor perRow) => RowIndices is null ? perRow : perRow.GatherRows(RowIndices);
}
