namespace Augur.Conditioning.Text;

/// <summary>
/// The prompts of Z-Image: Qwen3's hidden states before its last layer, of a conversation in which the prompt is said and thinking is allowed. As the
/// released pipeline has it.
/// </summary>
public sealed class ZImagePromptEncoder : IPromptEncoder
{
    private const int MaxTokens = 512;
    private readonly DecoderPrompts _prompts;

    /// <summary>Puts tokenizer and encoder together.</summary>
    /// <param name="tokenizer">Of Qwen3.</param>
    /// <param name="model">Read with <see cref="Parts"/>; disposed with this.</param>
    /// <exception cref="Tensors.Weights.WeightFileException">They do not belong together.</exception>
    public ZImagePromptEncoder(TextTokenizer tokenizer, DecoderModel model) =>
        _prompts = new DecoderPrompts(tokenizer, model, "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n", MaxTokens);

    /// <summary>What is needed of the encoder: all layers but the last.</summary>
    public static DecoderParts Parts => new(-1);

    /// <inheritdoc/>
    public long ByteCount => _prompts.Model.ByteCount;

    /// <inheritdoc/>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts) => PromptBatches.Encode(prompts, batch =>
    {
        PromptRow[] rows = [.. batch.Select(_prompts.Row)];
        var states = _prompts.Model.HiddenStates([.. rows.Select(row => row.Ids)], [_prompts.Model.Config.Layers - 1])[0];
        return [.. rows.Select((row, i) => new PromptEmbedding(
            PromptBatches.Tokens(states, i, 0, row.Ids.Length), states.Shape[2], []) { Warning = row.Warning })];
    });

    /// <inheritdoc/>
    public void Dispose() => _prompts.Dispose();
}
