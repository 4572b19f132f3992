using Augur.Tensors;

namespace Augur.Models.Flux;

/// <summary>
/// The sizes of a FLUX.1 transformer (Black Forest Labs, 2024): joint blocks of picture and text, then single blocks over both together.
/// </summary>
public sealed record FluxConfig
{
    /// <summary>Epsilon of every norm in the original code.</summary>
    public const float NormEpsilon = 1e-6f;

    /// <summary>Width of the sinusoids of timestep and guidance before their two linear maps.</summary>
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

    /// <summary>Blocks in which picture and text have weights of their own; 19 as published.</summary>
    public required int DoubleBlockCount { get; init; }

    /// <summary>Blocks in which they share them; 38 as published.</summary>
    public required int SingleBlockCount { get; init; }

    /// <summary>Channels of a text token as its encoder gives it; 4096 as published.</summary>
    public required int TextChannels { get; init; }

    /// <summary>Channels of the vector that stands for the whole text; 768 as published.</summary>
    public required int PooledChannels { get; init; }

    /// <summary>Channels of a head that turn with the token's place: in its text or frame (0 throughout in FLUX.1), its row, its column.</summary>
    public Shape PositionAxes { get; init; } = [16, 56, 56];

    /// <summary>Base of the rotary frequencies.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>Width of the feed-forward branches; 4 times the stream's as published.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Whether the network is told the strength of guidance (dev) or follows none (schnell).</summary>
    public bool HasGuidance { get; init; } = true;

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool HasQkvBias { get; init; } = true;

    /// <summary>
    /// Texts are filled up to a multiple of this many tokens, which nobody attends to, so that prompts of different lengths share dense calls. 1:
    /// they are not, and only texts of equal length do.
    /// </summary>
    public int TextBucket { get; init; } = 64;

    /// <summary>Latent cells of a picture when a request does not say, from top to bottom; 128 are 1024 pixels.</summary>
    public int LatentHeight { get; init; } = 128;

    /// <summary>The same from left to right.</summary>
    public int LatentWidth { get; init; } = 128;

    /// <summary>Channels of a head.</summary>
    public int HeadChannels => HiddenSize / HeadCount;

    /// <summary>Channels of the latent.</summary>
    public int LatentChannels => InChannels / (PatchSize * PatchSize);

    /// <summary>All blocks, the double ones first.</summary>
    public int BlockCount => DoubleBlockCount + SingleBlockCount;

    /// <summary>The published sizes.</summary>
    /// <param name="hasGuidance">FLUX.1-dev, otherwise FLUX.1-schnell.</param>
    public static FluxConfig Published(bool hasGuidance) => new()
    {
        InChannels = 64,
        HiddenSize = 3072,
        HeadCount = 24,
        DoubleBlockCount = 19,
        SingleBlockCount = 38,
        TextChannels = 4096,
        PooledChannels = 768,
        MlpSize = 4 * 3072,
        HasGuidance = hasGuidance,
    };

    /// <summary>
    /// The published shares of a head of any size: seven sixteenths for the row and as much for the column, rounded down to even numbers, the rest
    /// for the frame; [16, 56, 56] of 128 channels.
    /// </summary>
    /// <param name="headChannels">Channels of a head.</param>
    public static Shape AxesOf(int headChannels)
    {
        var side = (int)(headChannels * 7L / 16) & ~1;
        return [headChannels - (2 * side), side, side];
    }

    /// <summary>Tokens of a picture, as [rows, columns].</summary>
    /// <param name="latent">[channels, height, width] in latent cells.</param>
    /// <exception cref="ArgumentException">It is not a latent of this network; the message names both shapes.</exception>
    public Shape GridOf(Shape latent) =>
        latent.Rank == 3 && latent[0] == LatentChannels && latent[1] > 0 && latent[2] > 0 && latent[1] % PatchSize == 0 && latent[2] % PatchSize == 0
            && (long)latent[1] * latent[2] / (PatchSize * PatchSize) <= MaxTokens
            ? [latent[1] / PatchSize, latent[2] / PatchSize]
            : throw new ArgumentException(
                $"{this} draws latents [{LatentChannels}, height, width] with even sides and at most {MaxTokens} tokens, not of {latent}.");

    /// <summary>Tokens that a text takes in the stream.</summary>
    public int TextTokens(int count) => checked((int)(((long)count + TextBucket - 1) / TextBucket * TextBucket));

    /// <summary>Checks that the numbers fit each other and are of a plausible size.</summary>
    /// <exception cref="ArgumentException">They do not; names the two that disagree.</exception>
    public FluxConfig Validated()
    {
        Require(
            InChannels is > 0 and <= 4096 && InChannels % (PatchSize * PatchSize) == 0,
            $"{InChannels} channels of a token, which 2×2 latent cells make");
        Require(HiddenSize is > 0 and <= 65536, $"a hidden size of {HiddenSize}");
        Require(HeadCount > 0 && HiddenSize % HeadCount == 0, $"{HeadCount} heads on a hidden size of {HiddenSize}");
        Require(MlpSize is > 0 and <= 1 << 20, $"feed-forward branches of width {MlpSize}");
        Require(
            DoubleBlockCount is > 0 and <= 1024 && SingleBlockCount is > 0 and <= 1024,
            $"{DoubleBlockCount} double and {SingleBlockCount} single blocks");
        Require(
            TextChannels is > 0 and <= 65536 && PooledChannels is > 0 and <= 65536,
            $"texts of {TextChannels} channels and {PooledChannels} pooled");
        Require(
            PositionAxes.Rank == 3 && PositionAxes[0] >= 0 && PositionAxes[1] >= 0 && PositionAxes[2] >= 0
                && (long)PositionAxes[0] + PositionAxes[1] + PositionAxes[2] == HeadChannels
                && PositionAxes[0] % 2 == 0 && PositionAxes[1] % 2 == 0 && PositionAxes[2] % 2 == 0,
            $"position axes {PositionAxes} on heads of {HeadChannels} channels; they are three even numbers that add up to these");
        Require(Theta is > 1 and <= 1e9, $"rotary frequencies to the base {Theta.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
        Require(TextBucket is > 0 and <= 4096, $"texts in multiples of {TextBucket} tokens");
        _ = GridOf([LatentChannels, LatentHeight, LatentWidth]);
        return this;

        static void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new ArgumentException($"A FLUX transformer cannot have {what}.");
            }
        }
    }

    /// <summary>For reports.</summary>
    public override string ToString() => this is { HiddenSize: 3072, DoubleBlockCount: 19, SingleBlockCount: 38 }
        ? HasGuidance ? "FLUX.1-dev" : "FLUX.1-schnell"
        : $"FLUX {DoubleBlockCount}+{SingleBlockCount}x{HiddenSize}";
}
