using Augur.Tensors;

namespace Augur.Caching;

/// <summary>
/// Which rows of the batch a feature is computed from, and for which of their tokens it is wanted. A branch narrows everything it closes
/// over (shift, scale, positions, text) with the same selection. What a token needs of the others (keys, values) comes from all of them.
/// </summary>
/// <param name="Rows">[rows]: entries of the batch; null: all.</param>
/// <param name="Tokens">[rows, k]: tokens of each selected entry; null: all.</param>
/// <param name="IsClosed">
/// Whether the wanted tokens see each other only, so that keys and values come from them alone. Attention branches; with <paramref name="Tokens"/>.
/// </param>
/// <param name="Groups">
/// Labels [rows, tokens] of groups of tokens, whose means take the place of the tokens in what the branch makes queries, keys and values of; the
/// feature is wanted for each group. Attention branches, without <paramref name="Tokens"/>; null: none.
/// </param>
/// <param name="GroupCount">Groups of a row.</param>
public readonly record struct Selection(
    IndexTable? Rows = null, IndexTable? Tokens = null, bool IsClosed = false, IndexTable? Groups = null, int GroupCount = 0)
{
    /// <summary>All rows, all tokens.</summary>
    public static Selection Everything => default;

    /// <summary>The selected rows of something that has one entry per row of the batch, such as a modulation vector [batch, channels].</summary>
    public Tensor NarrowRows(Tensor perRow) => Rows is null ? perRow : perRow.NotNull().GatherRows(Rows);

    /// <summary>The same of what lies on the host: timesteps, conditions.</summary>
    public IReadOnlyList<T> NarrowRows<T>(IReadOnlyList<T> perRow) => Rows is null ? perRow : Rows.Pick(perRow);

    /// <summary>The same tokens of some of the selected rows, for what lies inside a branch.</summary>
    /// <param name="rows">Which of them.</param>
    public Selection Within(Selection rows) => rows.Rows is { } narrowed && Tokens is { } tokens
        ? this with { Tokens = IndexTable.Concatenate(Array.ConvertAll(narrowed.Indices.ToArray(), row => tokens.Rows(row, 1))) } : this;

    /// <summary>The wanted tokens of the selected rows: [rows, tokens, channels] → [rows, k, channels].</summary>
    public Tensor NarrowTokens(Tensor rows) => Tokens is null ? rows : rows.NotNull().GatherTokens(Tokens);
}
