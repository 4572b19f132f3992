using Augur.Conditioning.Text;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>A text encoder with its tokenizer, found and not yet read.</summary>
/// <param name="Text">The encoder.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
internal sealed record TextWithTokenizer(TextPart Text, TokenizerPart Tokenizer)
{
    /// <summary>Reads CLIP.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="padId">As <see cref="ClipPrompts"/> has it.</param>
    public ClipPrompts Clip(IBackend backend, int? padId = null)
    {
        var tokenizer = TextTokenizer.Load(Tokenizer.Path);
        return Owned((checkpoint, config) => ClipTextEncoder.Read(checkpoint, backend, config), clip => new ClipPrompts(tokenizer, clip, padId));
    }

    /// <summary>Whether the encoder has open_clip's names: the whole of it, of which Stable Diffusion 2 reads the layer before the last.</summary>
    public bool IsOpenClip
    {
        get
        {
            using var checkpoint = Text.Part.Open();
            return ClipTextLayouts.IsOpenClip(checkpoint, "");
        }
    }

    /// <summary>Reads T5.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="maxTokens">Tokens of a prompt at most.</param>
    public T5Prompts T5(IBackend backend, int maxTokens)
    {
        var tokenizer = TextTokenizer.Load(Tokenizer.Path);
        return Owned((checkpoint, config) => T5Encoder.Read(checkpoint, backend, config), t5 => new T5Prompts(tokenizer, t5, maxTokens));
    }

    /// <summary>Reads a language model.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="parts">What is read of it.</param>
    /// <param name="make">The prompt encoder of a family.</param>
    public T Decoder<T>(IBackend backend, DecoderParts parts, Func<TextTokenizer, DecoderModel, T> make)
    {
        var tokenizer = TextTokenizer.Load(Tokenizer.Path);
        return Owned((checkpoint, config) => DecoderModel.Read(checkpoint, backend, config, parts), model => make(tokenizer, model));
    }

    // Where the two do not belong together, the weights are released.
    private TMade Owned<TModel, TMade>(Func<Checkpoint, ForeignJson?, TModel> read, Func<TModel, TMade> make)
        where TModel : IDisposable
    {
        using var checkpoint = Text.Part.Open();
        var model = read(checkpoint, Text.Part.Config(IsOfText));
        try
        {
            return make(model);
        }
        catch (WeightFileException error)
        {
            model.Dispose();
            throw new WeightFileException($"{Tokenizer.Path}: {error.Message}", error);
        }
    }

    private static bool IsOfText(ForeignJson config) =>
        DiffusersFolder.ClassName(config) is null && (config.Find("model_type") is not null || config.Find("architectures") is not null);
}
