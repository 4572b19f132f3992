namespace Augur.Conditioning.Text;

/// <summary>
/// The prompts of Qwen-Image: Qwen2.5-VL's last hidden states of a conversation in which the prompt is to be described, without the tokens that
/// introduce it. As the released pipeline has it.
/// </summary>
public sealed class QwenImagePromptEncoder : IPromptEncoder
{
    private const string System =
        "Describe the image by detailing the color, shape, size, texture, quantity, text, spatial relationships of the objects and background:";

    private const int Introduction = 34; // tokens of the template before the prompt
    private const int MaxTokens = 1024;
    private readonly DecoderPrompts _prompts;

    /// <summary>Puts tokenizer and encoder together.</summary>
    /// <param name="tokenizer">Of Qwen2.5.</param>
    /// <param name="model">Read with <see cref="Parts"/>; disposed with this.</param>
    /// <exception cref="Tensors.Weights.WeightFileException">They do not belong together.</exception>
    public QwenImagePromptEncoder(TextTokenizer tokenizer, DecoderModel model) => _prompts = new DecoderPrompts(
        tokenizer,
        model,
        $"<|im_start|>system\n{System}<|im_end|>\n<|im_start|>user\n",
        "<|im_end|>\n<|im_start|>assistant\n",
        MaxTokens + Introduction);

    /// <summary>What is needed of the encoder: all layers.</summary>
    public static DecoderParts Parts => default;

    /// <inheritdoc/>
    public long ByteCount => _prompts.Model.ByteCount;

    /// <inheritdoc/>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts) => PromptBatches.Encode(prompts, batch =>
    {
        PromptRow[] rows = [.. batch.Select(_prompts.Row)];
        var states = _prompts.Model.HiddenStates([.. rows.Select(row => row.Ids)], [_prompts.Model.LayerCount])[0];
        return [.. rows.Select((row, i) => new PromptEmbedding(
            PromptBatches.Tokens(states, i, Introduction, row.Ids.Length - Introduction), states.Shape[2], []) { Warning = row.Warning })];
    });

    /// <inheritdoc/>
    public void Dispose() => _prompts.Dispose();
}
