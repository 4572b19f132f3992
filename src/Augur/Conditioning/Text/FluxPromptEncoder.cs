namespace Augur.Conditioning.Text;

/// <summary>
/// The prompts of FLUX.1: T5's states of all its tokens (512 in dev, 256 in schnell), padding among them and attended to, and CLIP-L's pooled
/// vector, not projected. As the released code has it.
/// </summary>
/// <param name="clip">CLIP-L; disposed with this.</param>
/// <param name="t5">T5 1.1 XXL; disposed with this.</param>
public sealed class FluxPromptEncoder(ClipPrompts clip, T5Prompts t5) : IPromptEncoder
{
    /// <summary>Tokens of T5 in FLUX.1 dev.</summary>
    public const int DevTokens = 512;

    /// <summary>Tokens of T5 in FLUX.1 schnell.</summary>
    public const int SchnellTokens = 256;

    /// <inheritdoc/>
    public long ByteCount => clip.ByteCount + t5.ByteCount;

    /// <inheritdoc/>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts) => PromptBatches.Encode(prompts, batch =>
    {
        PromptRow[] ofClip = [.. batch.Select(clip.Row)];
        PromptRow[] ofT5 = [.. batch.Select(prompt => t5.Row(prompt, fillsUp: true))];
        var pooled = clip.Encoder.Encode([.. ofClip.Select(row => row.Ids)]).Pooled;
        var states = t5.Encoder.Encode([.. ofT5.Select(row => row.Ids)]);
        return [.. ofT5.Select((row, i) => new PromptEmbedding(
            PromptBatches.Tokens(states, i, 0, row.Ids.Length), t5.Encoder.Config.Channels, PromptBatches.Row(pooled, i)) { Warning = row.Warning })];
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        clip.Dispose();
        t5.Dispose();
    }
}
