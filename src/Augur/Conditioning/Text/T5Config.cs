using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>Sizes of a T5 encoder, and in what the versions differ.</summary>
public sealed record T5Config
{
    /// <summary>Number of tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Channels of a token.</summary>
    public required int Channels { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Heads of attention.</summary>
    public required int Heads { get; init; }

    /// <summary>Channels of a head; heads · this need not be <see cref="Channels"/>.</summary>
    public required int HeadChannels { get; init; }

    /// <summary>Channels in the middle of a feed-forward part.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Buckets of relative positions, both directions together; 32 in all published ones.</summary>
    public int Buckets { get; init; } = 32;

    /// <summary>From this distance on all share a bucket, in tokens.</summary>
    public int MaxDistance { get; init; } = 128;

    /// <summary>Whether the feed-forward part has a gate (T5 1.1 and later).</summary>
    public bool IsGated { get; init; } = true;

    /// <summary>The activation, unless <see cref="IsRelu"/>.</summary>
    public Activation Activation { get; init; } = Activation.GeluTanh;

    /// <summary>Whether the activation is max(x, 0), as in the first T5.</summary>
    public bool IsRelu { get; init; }

    /// <summary>Whether every layer has its own table of positions (umT5); otherwise the first layer's serves all.</summary>
    public bool HasPositionsPerLayer { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    public float NormEpsilon { get; init; } = 1e-6f;

    /// <summary>The same with what a config.json says beyond what shapes tell; sizes in it must agree.</summary>
    /// <exception cref="WeightFileException">A field has a value that is not built, or another than the weights.</exception>
    internal T5Config With(ForeignJson json)
    {
        EncoderFiles.Expect(json, "d_model", Channels);
        EncoderFiles.Expect(json, "num_layers", Layers);
        EncoderFiles.Expect(json, "num_heads", Heads);
        EncoderFiles.Expect(json, "d_ff", MlpSize);
        EncoderFiles.Expect(json, "relative_attention_num_buckets", Buckets);
        var feedForward = json.Find("feed_forward_proj")?.AsText() ?? (IsGated ? "gated-gelu" : "relu");
        var word = feedForward == "gated-gelu" ? "gelu_new" : feedForward.Replace("gated-", "", StringComparison.Ordinal);
        if (feedForward.StartsWith("gated-", StringComparison.Ordinal) != IsGated)
        {
            throw json.Require("feed_forward_proj").Error(
                $"is {WeightFileException.Quote(feedForward)}, but the weights have {(IsGated ? "a gate" : "no gate")}.");
        }

        var distance = json.Find("relative_attention_max_distance")?.AsInteger() ?? MaxDistance;
        if (distance <= Buckets / 4)
        {
            throw json.Require("relative_attention_max_distance").Error($"is {distance}; it is more than {Buckets / 4}.");
        }

        return this with
        {
            MaxDistance = distance,
            NormEpsilon = (float)(json.Find("layer_norm_epsilon")?.AsNumber() ?? NormEpsilon),
            IsRelu = word == "relu",
            Activation = word switch
            {
                "relu" => Activation.None,
                "gelu_new" or "gelu_pytorch_tanh" => Activation.GeluTanh,
                "gelu" => Activation.GeluErf,
                "silu" or "swish" => Activation.Silu,
                _ => throw json.Require("feed_forward_proj").Error(
                    $"is {WeightFileException.Quote(feedForward)}; relu, gelu, gelu_new and silu are built, gated or not."),
            },
        };
    }
}
