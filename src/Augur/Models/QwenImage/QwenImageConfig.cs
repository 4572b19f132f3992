using Augur.Models.Joint;
using Augur.Tensors;

namespace Augur.Models.QwenImage;

/// <summary>The sizes of a Qwen-Image transformer (Alibaba, arXiv 2508.02324): joint blocks of picture and text throughout.</summary>
public sealed record QwenImageConfig
{
    /// <summary>Epsilon of every norm in the original code.</summary>
    public const float NormEpsilon = 1e-6f;

    /// <summary>Width of the sinusoids of the timestep before its two linear maps.</summary>
    public const int FrequencyCount = 256;

    /// <summary>Side of the square of latent cells that is one token.</summary>
    public const int PatchSize = 2;

    /// <summary>Most tokens of one sample: a bound on what a request alone can make the network allocate.</summary>
    private const int MaxTokens = 1 << 18;

    /// <summary>Channels of a picture's token, four times those of the latent; 64 as published.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the stream; 3072 as published.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>. 24 as published.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Blocks; 60 as published.</summary>
    public required int BlockCount { get; init; }

    /// <summary>Channels of a text token as its encoder gives it; 3584 as published.</summary>
    public required int TextChannels { get; init; }

    /// <summary>Width of the feed-forward branches; 4 times the stream's as published.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Channels of a head that turn with the token's place: its picture or layer, its row, its column.</summary>
    public Shape PositionAxes { get; init; } = [16, 56, 56];

    /// <summary>Base of the rotary frequencies.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>Whether the network draws several layers of equal size at once, and is told of what kind they are (Qwen-Image-Layered).</summary>
    public bool HasLayers { get; init; }

    /// <summary>What a layered network is told: 0 as its pipeline does, or 1.</summary>
    public int LayerKind { get; init; }

    /// <summary>
    /// Whether pictures that a text refers to are modulated as of time 0, being finished (<c>zero_cond_t</c> of Qwen-Image-Edit-2511), rather than
    /// as of the current time. Tensors do not tell.
    /// </summary>
    public bool HasStillReferences { get; init; }

    /// <summary>
    /// Texts are filled up to a multiple of this many tokens, which nobody attends to, so that prompts of different lengths share dense calls.
    /// </summary>
    public int TextBucket { get; init; } = 64;

    /// <summary>Latent cells of a picture when a request does not say, from top to bottom; 128 are 1024 pixels.</summary>
    public int LatentHeight { get; init; } = 128;

    /// <summary>The same from left to right.</summary>
    public int LatentWidth { get; init; } = 128;

    /// <summary>Pictures that a layered network draws when a request does not say: the whole and its layers; 5 as published.</summary>
    public int LayerCount { get; init; } = 5;

    /// <summary>Channels of a head.</summary>
    public int HeadChannels => HiddenSize / HeadCount;

    /// <summary>Channels of the latent.</summary>
    public int LatentChannels => InChannels / (PatchSize * PatchSize);

    /// <summary>Tokens of what is drawn, as [rows, columns], or [layers, rows, columns].</summary>
    /// <param name="latent">[channels, height, width] in latent cells, or of a layered network [channels, layers, height, width].</param>
    /// <exception cref="ArgumentException">It is not a latent of this network; the message names both shapes.</exception>
    public Shape GridOf(Shape latent)
    {
        var fits = latent.Rank == (HasLayers ? 4 : 3) && latent[0] == LatentChannels && latent[^1] > 0 && latent[^2] > 0 && latent[1] > 0
            && latent[^1] % PatchSize == 0 && latent[^2] % PatchSize == 0
            && latent.ElementCount / LatentChannels / (PatchSize * PatchSize) <= MaxTokens;
        return !fits
            ? throw new ArgumentException(
                $"{this} draws latents [{LatentChannels}, {(HasLayers ? "layers, " : "")}height, width] with even sides and at most {MaxTokens} "
                + $"tokens, not of {latent}.")
            : HasLayers ? [latent[1], latent[2] / PatchSize, latent[3] / PatchSize] : [latent[1] / PatchSize, latent[2] / PatchSize];
    }

    /// <summary>Tokens of a picture that a text refers to, [rows, columns].</summary>
    /// <param name="latent">[channels, height, width] in latent cells.</param>
    /// <exception cref="ArgumentException">It is not a latent of this network.</exception>
    public Shape ReferenceGridOf(Shape latent) => (this with { HasLayers = false }).GridOf(latent);

    /// <summary>Tokens that a text takes in the stream.</summary>
    public int TextTokens(int count) => checked((int)(((long)count + TextBucket - 1) / TextBucket * TextBucket));

    /// <summary>Checks that the numbers fit each other and are of a plausible size.</summary>
    /// <exception cref="ArgumentException">They do not; names the two that disagree.</exception>
    public QwenImageConfig Validated()
    {
        var check = new SizeCheck("A Qwen-Image transformer");
        check.Require(
            InChannels is > 0 and <= 4096 && InChannels % (PatchSize * PatchSize) == 0,
            $"{InChannels} channels of a token, which 2×2 latent cells make");
        check.Require(BlockCount is > 0 and <= 1024, $"{BlockCount} blocks");
        check.Require(TextChannels is > 0 and <= 65536, $"texts of {TextChannels} channels");
        check.Stream(HiddenSize, HeadCount, MlpSize);
        check.Positions(PositionAxes, 3, HeadChannels, Theta);
        check.Require(TextBucket is > 0 and <= 4096, $"texts in multiples of {TextBucket} tokens");
        check.Require(LayerKind is 0 or 1, $"layers of kind {LayerKind}; it is 0 or 1");
        _ = GridOf(HasLayers ? [LatentChannels, LayerCount, LatentHeight, LatentWidth] : [LatentChannels, LatentHeight, LatentWidth]);
        return this;
    }

    /// <summary>For reports.</summary>
    public override string ToString() => this is { HiddenSize: 3072, BlockCount: 60 } ? HasLayers ? "Qwen-Image-Layered" : "Qwen-Image"
        : $"Qwen-Image {BlockCount}x{HiddenSize}{(HasLayers ? ", layered" : "")}";
}
