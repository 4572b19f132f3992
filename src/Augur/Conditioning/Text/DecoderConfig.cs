using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>
/// Sizes of a decoder of Llama's kind, and in what the families differ: Llama has neither biases nor norms of heads, Qwen2 has biases on query, key
/// and value, Qwen3 norms of the heads of query and key.
/// </summary>
public sealed record DecoderConfig
{
    /// <summary>Number of tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Channels of a token.</summary>
    public required int Channels { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Heads of queries.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values; each serves as many neighbouring heads of queries.</summary>
    public required int KeyHeads { get; init; }

    /// <summary>Channels of a head; heads · this need not be <see cref="Channels"/>.</summary>
    public required int HeadChannels { get; init; }

    /// <summary>Channels in the middle of a feed-forward part.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Whether query, key and value have biases (Qwen2).</summary>
    public bool HasQkvBias { get; init; }

    /// <summary>Whether the heads of query and key are normalised (Qwen3).</summary>
    public bool HasHeadNorms { get; init; }

    /// <summary>Whether the head that predicts tokens is the table of embeddings.</summary>
    public bool IsTied { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Rotary positions.</summary>
    public RotaryConfig Rotary { get; init; } = new();

    /// <summary>The same with what a config.json says beyond what shapes tell; sizes in it must agree.</summary>
    /// <exception cref="WeightFileException">A field has a value that is not built, or another than the weights.</exception>
    internal DecoderConfig With(ForeignJson json)
    {
        var text = json.Find("text_config") ?? json;
        EncoderFiles.Expect(text, "hidden_size", Channels);
        EncoderFiles.Expect(text, "intermediate_size", MlpSize);
        EncoderFiles.Expect(text, "vocab_size", Vocabulary);
        EncoderFiles.Expect(text, "num_hidden_layers", Layers);
        if (text.Find("hidden_act") is { } act && act.AsText() != "silu")
        {
            throw act.Error($"is {WeightFileException.Quote(act.AsText())}; silu is built.");
        }

        if (text.Find("use_sliding_window")?.AsFlag() ?? false)
        {
            throw text.Require("use_sliding_window").Error("is true; attention to all earlier tokens is built.");
        }

        return this with
        {
            NormEpsilon = (float)(text.Find("rms_norm_eps")?.AsNumber() ?? NormEpsilon),
            Rotary = RotaryConfig.Parse(text, Rotary),
        };
    }
}
