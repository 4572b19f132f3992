using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>T5 with its tokenizer: a prompt is cut to a number of tokens, the last of which ends it.</summary>
public sealed class T5Prompts : IDisposable
{
    private readonly int _end;

    /// <summary>Puts them together.</summary>
    /// <param name="tokenizer">Of T5.</param>
    /// <param name="encoder">Disposed with this.</param>
    /// <param name="maxTokens">Tokens of a prompt at most, its end among them; at least 1.</param>
    /// <exception cref="WeightFileException">The tokenizer has no end, or tokens that the encoder does not know.</exception>
    public T5Prompts(TextTokenizer tokenizer, T5Encoder encoder, int maxTokens)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        (Tokenizer, Encoder, MaxTokens) = (tokenizer, encoder, maxTokens);
        _end = tokenizer.EndId ?? throw new WeightFileException("The tokenizer of T5 has no token that ends a text (</s>).");
        PadId = tokenizer.PadId ?? 0;
        if (tokenizer.VocabularySize > encoder.Config.Vocabulary)
        {
            throw new WeightFileException(
                $"The tokenizer of T5 has {tokenizer.VocabularySize} tokens, but its encoder knows {encoder.Config.Vocabulary}: "
                + "they do not belong together.");
        }
    }

    /// <summary>The tokenizer.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>The encoder.</summary>
    public T5Encoder Encoder { get; }

    /// <summary>Tokens of a prompt at most.</summary>
    public int MaxTokens { get; }

    /// <summary>Bytes of the weights.</summary>
    public long ByteCount => Encoder.ByteCount;

    /// <summary>What fills short prompts up.</summary>
    internal int PadId { get; }

    /// <inheritdoc/>
    public void Dispose() => Encoder.Dispose();

    /// <summary>The row of a prompt: its tokens and its end.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="fillsUp">Whether padding is part of the row, so that it is attended to.</param>
    internal PromptRow Row(string prompt, bool fillsUp)
    {
        var ids = Tokenizer.Encode(prompt);
        var count = Math.Min(ids.Length, MaxTokens - 1);
        var row = new int[fillsUp ? MaxTokens : count + 1];
        Array.Fill(row, PadId);
        ids.AsSpan(0, count).CopyTo(row);
        row[count] = _end;
        return new PromptRow(row, PromptRow.Cut("T5", prompt, ids.Length, MaxTokens - 1));
    }
}
