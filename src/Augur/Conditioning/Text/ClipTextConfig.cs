using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>Sizes of CLIP's text encoder, and in what the versions differ.</summary>
public sealed record ClipTextConfig
{
    /// <summary>Number of tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Tokens of a text at most, begin and end among them.</summary>
    public required int Positions { get; init; }

    /// <summary>Channels of a token.</summary>
    public required int Channels { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Heads of attention.</summary>
    public required int Heads { get; init; }

    /// <summary>Channels in the middle of a feed-forward part.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Channels of the projected vector of a text; 0: there is no projection.</summary>
    public int ProjectedChannels { get; init; }

    /// <summary><see cref="Activation.GeluQuick"/> in OpenAI's models, <see cref="Activation.GeluErf"/> in OpenCLIP's.</summary>
    public Activation Activation { get; init; } = Activation.GeluQuick;

    /// <summary>Epsilon of the norms.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>The token that ends a text, at whose first place the whole is read; null: the largest number in the row.</summary>
    public int? EndId { get; init; }

    /// <summary>The same with what a config.json says beyond what shapes tell; sizes in it must agree.</summary>
    /// <exception cref="WeightFileException">A field has a value that is not built, or another than the weights.</exception>
    internal ClipTextConfig With(ForeignJson json)
    {
        const int LegacyEnd = 2; // old configurations name this token by mistake; they mean the largest number
        var text = json.Find("text_config") ?? json;
        EncoderFiles.Expect(text, "hidden_size", Channels);
        EncoderFiles.Expect(text, "num_hidden_layers", Layers);
        EncoderFiles.Expect(text, "intermediate_size", MlpSize);
        EncoderFiles.Expect(text, "vocab_size", Vocabulary);
        var heads = text.Find("num_attention_heads")?.AsInteger() ?? Heads;
        if (heads < 1 || Channels % heads != 0)
        {
            throw text.Require("num_attention_heads").Error($"is {heads}, which does not divide {Channels} channels.");
        }

        var word = text.Find("hidden_act")?.AsText();
        return this with
        {
            Heads = heads,
            NormEpsilon = (float)(text.Find("layer_norm_eps")?.AsNumber() ?? NormEpsilon),
            EndId = text.Find("eos_token_id")?.AsInteger() is { } end && end != LegacyEnd ? end : null,
            Activation = word switch
            {
                null => Activation,
                "quick_gelu" => Activation.GeluQuick,
                "gelu" => Activation.GeluErf,
                "gelu_new" or "gelu_pytorch_tanh" => Activation.GeluTanh,
                _ => throw text.Require("hidden_act").Error($"is {WeightFileException.Quote(word)}; quick_gelu, gelu and gelu_new are built."),
            },
        };
    }
}
