using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>CLIP with its tokenizer: a prompt is a row of 77 tokens, begin and end among them.</summary>
public sealed class ClipPrompts : IDisposable
{
    private readonly int _begin;
    private readonly int _end;
    private readonly int _pad;

    /// <summary>Puts them together.</summary>
    /// <param name="tokenizer">Of CLIP.</param>
    /// <param name="encoder">Disposed with this.</param>
    /// <param name="padId">
    /// What short prompts are filled up with; null: what the tokenizer's configuration says, or else the end token. OpenCLIP's larger encoders (SDXL,
    /// SD3) were trained with 0.
    /// </param>
    /// <exception cref="WeightFileException">The tokenizer has no begin or end, or tokens that the encoder does not know.</exception>
    public ClipPrompts(TextTokenizer tokenizer, ClipTextEncoder encoder, int? padId = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(encoder);
        (Tokenizer, Encoder) = (tokenizer, encoder);
        _begin = tokenizer.BeginId ?? throw new WeightFileException("The tokenizer of CLIP has no token that begins a text (<|startoftext|>).");
        _end = tokenizer.EndId ?? throw new WeightFileException("The tokenizer of CLIP has no token that ends a text (<|endoftext|>).");
        _pad = padId ?? tokenizer.PadId ?? _end;
        if (Math.Max(tokenizer.VocabularySize - 1, _pad) >= encoder.Config.Vocabulary)
        {
            throw new WeightFileException(
                $"The tokenizer of CLIP has {tokenizer.VocabularySize} tokens, but its encoder knows {encoder.Config.Vocabulary}: "
                + "they do not belong together.");
        }
    }

    /// <summary>The tokenizer.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>The encoder.</summary>
    public ClipTextEncoder Encoder { get; }

    /// <summary>Bytes of the weights.</summary>
    public long ByteCount => Encoder.ByteCount;

    /// <inheritdoc/>
    public void Dispose() => Encoder.Dispose();

    /// <summary>The row of a prompt.</summary>
    internal PromptRow Row(string prompt)
    {
        var positions = Encoder.Config.Positions;
        var ids = Tokenizer.Encode(prompt);
        var row = new int[positions];
        Array.Fill(row, _pad);
        row[0] = _begin;
        var count = Math.Min(ids.Length, positions - 2);
        ids.AsSpan(0, count).CopyTo(row.AsSpan(1));
        row[count + 1] = _end;
        return new PromptRow(row, PromptRow.Cut("CLIP", prompt, ids.Length, positions - 2));
    }
}
