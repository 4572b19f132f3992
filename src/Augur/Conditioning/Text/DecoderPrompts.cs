using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>A decoder with its tokenizer: a prompt is put into the template of a conversation and cut at its end.</summary>
internal sealed class DecoderPrompts : IDisposable
{
    private readonly string _before;
    private readonly string _behind;

    /// <summary>Puts them together.</summary>
    /// <param name="tokenizer">Of Qwen's kind, with the tokens of its template.</param>
    /// <param name="model">Disposed with this.</param>
    /// <param name="before">What precedes a prompt.</param>
    /// <param name="behind">What follows it.</param>
    /// <param name="maxTokens">Tokens at most, the template's among them.</param>
    public DecoderPrompts(TextTokenizer tokenizer, DecoderModel model, string before, string behind, int maxTokens)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(model);
        (Tokenizer, Model, _before, _behind, MaxTokens) = (tokenizer, model, before, behind, maxTokens);
        if (tokenizer.Find("<|im_start|>") is null || tokenizer.Find("<|im_end|>") is null)
        {
            throw new WeightFileException("The tokenizer has no <|im_start|> and <|im_end|>, which the template of this model's prompts needs.");
        }

        if (tokenizer.VocabularySize > model.Config.Vocabulary)
        {
            throw new WeightFileException(
                $"The tokenizer has {tokenizer.VocabularySize} tokens, but its encoder knows {model.Config.Vocabulary}: "
                + "they do not belong together.");
        }
    }

    /// <summary>The tokenizer.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>The decoder.</summary>
    public DecoderModel Model { get; }

    /// <summary>Tokens at most.</summary>
    public int MaxTokens { get; }

    /// <summary>Padding of short prompts.</summary>
    public int PadId => Tokenizer.PadId ?? 0;

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    /// <summary>The row of a prompt in its template, without padding.</summary>
    public PromptRow Row(string prompt)
    {
        var ids = Tokenizer.Encode(_before + prompt + _behind);
        return new PromptRow(ids.Length > MaxTokens ? ids[..MaxTokens] : ids, PromptRow.Cut("The text encoder", prompt, ids.Length, MaxTokens));
    }
}
