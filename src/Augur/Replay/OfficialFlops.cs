namespace Augur.Replay;

/// <summary>
/// FLOPs of a DiT's blocks as the released ToCa and DuCa count them. Embedders and final layer are left out, norms and softmax are not.
/// </summary>
/// <param name="Rows">Rows of the batch, guidance's among them.</param>
/// <param name="Tokens">Tokens of a row.</param>
/// <param name="Channels">Width.</param>
/// <param name="Heads">Attention heads.</param>
internal sealed record OfficialFlops(long Rows, long Tokens, long Channels, long Heads)
{
    /// <summary>A block that is run in full.</summary>
    public long FullBlock => PartialBlock(Tokens) + Attention;

    /// <summary>A block whose feed-forward branch is run for some tokens of each row, and whose attention is not.</summary>
    public long PartialBlock(long tokens) => Frame + (16 * Rows * tokens * Channels * Channels) + (24 * Rows * tokens * Channels);

    // Two norms, and the modulation, of which a multiply-add is counted as one.
    private long Frame => (2 * Rows * Tokens * Channels) + (Rows * Channels) + (6 * Rows * Channels * Channels);

    // Projections, scaling, scores and weighted sum, softmax.
    private long Attention =>
        (8 * Rows * Tokens * Channels * Channels) + (Rows * Tokens * Channels)
        + (4 * Rows * Tokens * Tokens * Channels) + (5 * Rows * Heads * Tokens * Tokens);
}
