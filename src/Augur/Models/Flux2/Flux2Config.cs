using Augur.Models.Joint;
using Augur.Tensors;

namespace Augur.Models.Flux2;

/// <summary>
/// The sizes of a FLUX.2 transformer (Black Forest Labs, 2025): as FLUX.1's, with modulation that all blocks share and gated feed-forward.
/// </summary>
public sealed record Flux2Config
{
    /// <summary>Epsilon of every norm in the original code.</summary>
    public const float NormEpsilon = 1e-6f;

    /// <summary>Width of the sinusoids of timestep and guidance before their two linear maps.</summary>
    public const int FrequencyCount = 256;

    /// <summary>Most tokens of one sample: a bound on what a request alone can make the network allocate.</summary>
    private const int MaxTokens = 1 << 18;

    /// <summary>Channels of a picture's token and of the latent: 2×2 cells of the autoencoder's 32 channels; 128 as published.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the stream; 3072 in klein 4B, 4096 in klein 9B, 6144 in dev.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>. Of 128 channels as published.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Blocks in which picture and text have weights of their own; 5 or 8 as published.</summary>
    public required int DoubleBlockCount { get; init; }

    /// <summary>Blocks in which they share them; 20, 24 or 48 as published.</summary>
    public required int SingleBlockCount { get; init; }

    /// <summary>Channels of a text token: three layers of the text encoder side by side; 7680 in klein 4B.</summary>
    public required int TextChannels { get; init; }

    /// <summary>Width of the feed-forward branches; 3 times the stream's as published.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Channels of a head that turn with the token's place: which picture, its row, its column, its place in the text.</summary>
    public Shape PositionAxes { get; init; } = [32, 32, 32, 32];

    /// <summary>Base of the rotary frequencies.</summary>
    public double Theta { get; init; } = 2000;

    /// <summary>Whether the network is told the strength of guidance (dev), or guidance compares two texts (klein base) or none (klein).</summary>
    public bool HasGuidance { get; init; }

    /// <summary>
    /// Texts are filled up to a multiple of this many tokens, which nobody attends to, so that prompts of different lengths share dense calls.
    /// </summary>
    public int TextBucket { get; init; } = 64;

    /// <summary>Latent cells of a picture when a request does not say, from top to bottom; 64 are 1024 pixels.</summary>
    public int LatentHeight { get; init; } = 64;

    /// <summary>The same from left to right.</summary>
    public int LatentWidth { get; init; } = 64;

    /// <summary>Channels of a head.</summary>
    public int HeadChannels => HiddenSize / HeadCount;

    /// <summary>All blocks, the double ones first.</summary>
    public int BlockCount => DoubleBlockCount + SingleBlockCount;

    /// <summary>Tokens of a picture, as [rows, columns]: a token is one cell of the latent.</summary>
    /// <param name="latent">[channels, height, width].</param>
    /// <exception cref="ArgumentException">It is not a latent of this network; the message names both shapes.</exception>
    public Shape GridOf(Shape latent) =>
        latent.Rank == 3 && latent[0] == InChannels && latent[1] > 0 && latent[2] > 0 && (long)latent[1] * latent[2] <= MaxTokens
            ? [latent[1], latent[2]]
            : throw new ArgumentException($"{this} draws latents [{InChannels}, height, width] with at most {MaxTokens} tokens, not of {latent}.");

    /// <summary>Tokens that a text takes in the stream.</summary>
    public int TextTokens(int count) => checked((int)(((long)count + TextBucket - 1) / TextBucket * TextBucket));

    /// <summary>Checks that the numbers fit each other and are of a plausible size.</summary>
    /// <exception cref="ArgumentException">They do not; names the two that disagree.</exception>
    public Flux2Config Validated()
    {
        var check = new SizeCheck("A FLUX.2 transformer");
        check.Require(InChannels is > 0 and <= 4096, $"{InChannels} channels of a token");
        check.Require(
            DoubleBlockCount is > 0 and <= 1024 && SingleBlockCount is > 0 and <= 1024,
            $"{DoubleBlockCount} double and {SingleBlockCount} single blocks");
        check.Require(TextChannels is > 0 and <= 65536, $"texts of {TextChannels} channels");
        check.Stream(HiddenSize, HeadCount, MlpSize);
        check.Positions(PositionAxes, 4, HeadChannels, Theta);
        check.Require(TextBucket is > 0 and <= 4096, $"texts in multiples of {TextBucket} tokens");
        _ = GridOf([InChannels, LatentHeight, LatentWidth]);
        return this;
    }

    /// <summary>For reports.</summary>
    public override string ToString() => this switch
    {
        { HiddenSize: 3072, DoubleBlockCount: 5, SingleBlockCount: 20 } => "FLUX.2-klein-4B",
        { HiddenSize: 4096, DoubleBlockCount: 8, SingleBlockCount: 24 } => "FLUX.2-klein-9B",
        { HiddenSize: 6144, DoubleBlockCount: 8, SingleBlockCount: 48 } => "FLUX.2-dev",
        _ => $"FLUX.2 {DoubleBlockCount}+{SingleBlockCount}x{HiddenSize}",
    };
}
