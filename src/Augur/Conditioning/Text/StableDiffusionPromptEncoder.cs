namespace Augur.Conditioning.Text;

/// <summary>The prompts of Stable Diffusion 1.x (CLIP-L) and 2.x (OpenCLIP-H): the normalised states of 77 tokens.</summary>
/// <param name="clip">Disposed with this.</param>
/// <param name="skippedLayers">
/// Layers at the end that the states do not pass ("clip skip" less 1): 0 in 1.x, and in 2.x where the encoder was saved without its last layer, as
/// diffusers does; 1 in 2.x's original files.
/// </param>
public sealed class StableDiffusionPromptEncoder(ClipPrompts clip, int skippedLayers = 0) : IPromptEncoder
{
    /// <inheritdoc/>
    public long ByteCount => clip.ByteCount;

    /// <inheritdoc/>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts) => PromptBatches.Encode(prompts, batch =>
    {
        PromptRow[] rows = [.. batch.Select(clip.Row)];
        var states = clip.Encoder.Encode([.. rows.Select(row => row.Ids)], skippedLayers).Hidden;
        return [.. rows.Select((row, i) => new PromptEmbedding(
            PromptBatches.Tokens(states, i, 0, row.Ids.Length), states.Shape[2], []) { Warning = row.Warning })];
    });

    /// <inheritdoc/>
    public void Dispose() => clip.Dispose();
}
