namespace Augur.Conditioning.Text;

/// <summary>
/// The prompts of PixArt-α (120 tokens) and Σ (300): T5's states of the prompt's own tokens and its end, in lower case. As the released pipelines
/// have it where their clean-up of captions (which removes addresses, names of files and the like) is off.
/// </summary>
/// <param name="t5">T5 1.1 XXL; disposed with this.</param>
public sealed class PixArtPromptEncoder(T5Prompts t5) : IPromptEncoder
{
    /// <summary>Tokens of T5 in PixArt-α.</summary>
    public const int AlphaTokens = 120;

    /// <summary>Tokens of T5 in PixArt-Σ.</summary>
    public const int SigmaTokens = 300;

    /// <inheritdoc/>
    public long ByteCount => t5.ByteCount;

    /// <inheritdoc/>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts) => PromptBatches.Encode(prompts, batch =>
    {
        PromptRow[] rows = [.. batch.Select(prompt => t5.Row(prompt.ToLowerInvariant().Trim(), fillsUp: false))];
        var states = t5.Encoder.Encode([.. rows.Select(row => row.Ids)]);
        return [.. rows.Select((row, i) => new PromptEmbedding(
            PromptBatches.Tokens(states, i, 0, row.Ids.Length), states.Shape[2], []) { Warning = row.Warning })];
    });

    /// <inheritdoc/>
    public void Dispose() => t5.Dispose();
}
