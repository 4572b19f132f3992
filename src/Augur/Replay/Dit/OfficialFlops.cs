namespace Augur.Replay;

/// <summary>
/// FLOPs of a DiT's blocks as the released ToCa and DuCa count them: norms and softmax are included, embedders and the final layer are not.
/// </summary>
/// <param name="Rows">Rows of the batch, including those of guidance.</param>
/// <param name="Tokens">Tokens of a row.</param>
/// <param name="Channels">Channels of a token.</param>
/// <param name="Heads">Attention heads.</param>
internal sealed record OfficialFlops(long Rows, long Tokens, long Channels, long Heads)
{
    /// <summary>FLOPs of a block that is computed in full.</summary>
    public long FullBlock => PartialBlock(Tokens) + Attention;

    /// <summary>FLOPs of a block whose feed-forward branch is computed for some tokens of each row and whose attention is reused.</summary>
    public long PartialBlock(long tokens) => Frame + (16 * Rows * tokens * Channels * Channels) + (24 * Rows * tokens * Channels);

    // Two norms and the modulation; a multiply-add of the latter is counted as 1 FLOP.
    private long Frame => (2 * Rows * Tokens * Channels) + (Rows * Channels) + (6 * Rows * Channels * Channels);

    // Projections, scaling, scores and weighted sum, softmax.
    private long Attention =>
        (8 * Rows * Tokens * Channels * Channels) + (Rows * Tokens * Channels)
        + (4 * Rows * Tokens * Tokens * Channels) + (5 * Rows * Heads * Tokens * Tokens);
}
