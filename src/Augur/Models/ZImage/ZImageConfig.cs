using Augur.Models.Joint;
using Augur.Tensors;

namespace Augur.Models.ZImage;

/// <summary>
/// The sizes of a Z-Image transformer (Alibaba, arXiv 2511.22699): refiners of picture and text by themselves, then single blocks over both.
/// </summary>
public sealed record ZImageConfig
{
    /// <summary>Epsilon of the blocks' norms in the original code.</summary>
    public const float NormEpsilon = 1e-5f;

    /// <summary>Epsilon of the last norm.</summary>
    public const float FinalNormEpsilon = 1e-6f;

    /// <summary>Width of the sinusoids of the timestep before its two linear maps.</summary>
    public const int FrequencyCount = 256;

    /// <summary>Side of the square of latent cells that is one token.</summary>
    public const int PatchSize = 2;

    /// <summary>Picture and text are each filled up to a multiple of this many tokens, by a learned token that is attended to.</summary>
    public const int SequenceMultiple = 32;

    /// <summary>Most tokens of one sample: a bound on what a request alone can make the network allocate.</summary>
    private const int MaxTokens = 1 << 18;

    /// <summary>Channels of a picture's token, four times those of the latent; 64 as published.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the stream; 3840 as published.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>. 30 as published.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Blocks over picture and text together; 30 as published.</summary>
    public required int BlockCount { get; init; }

    /// <summary>Blocks over the picture alone, before those; 2 as published.</summary>
    public required int NoiseRefinerCount { get; init; }

    /// <summary>Blocks over the text alone, which no timestep changes; 2 as published.</summary>
    public required int ContextRefinerCount { get; init; }

    /// <summary>Channels of a text token as its encoder gives it; 2560 as published.</summary>
    public required int TextChannels { get; init; }

    /// <summary>Width of the feed-forward branches; ⌊8/3 of the stream's⌋ as published.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Width between the two maps of the timestep; 1024 as published.</summary>
    public required int TimeSize { get; init; }

    /// <summary>Channels of the timestep's vector, from which modulations are made; 256 as published.</summary>
    public required int VectorSize { get; init; }

    /// <summary>Channels of a head that turn with the token's place: along the sequence, its row, its column.</summary>
    public Shape PositionAxes { get; init; } = [32, 48, 48];

    /// <summary>Base of the rotary frequencies.</summary>
    public double Theta { get; init; } = 256;

    /// <summary>
    /// Texts are filled up to a multiple of this many tokens, which nobody attends to, so that prompts of different lengths share dense calls; a
    /// multiple of 32, to which every text is filled up by tokens that are attended to.
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

    /// <summary>Tokens of a picture, as [rows, columns].</summary>
    /// <param name="latent">[channels, height, width] in latent cells.</param>
    /// <exception cref="ArgumentException">It is not a latent of this network; the message names both shapes.</exception>
    public Shape GridOf(Shape latent) =>
        latent.Rank == 3 && latent[0] == LatentChannels && latent[1] > 0 && latent[2] > 0 && latent[1] % PatchSize == 0 && latent[2] % PatchSize == 0
            && (long)latent[1] * latent[2] / (PatchSize * PatchSize) <= MaxTokens
            ? [latent[1] / PatchSize, latent[2] / PatchSize]
            : throw new ArgumentException(
                $"{this} draws latents [{LatentChannels}, height, width] with even sides and at most {MaxTokens} tokens, not of {latent}.");

    /// <summary>Tokens with those that fill a sequence up and are attended to.</summary>
    public static int Filled(int count) => checked((count + SequenceMultiple - 1) / SequenceMultiple * SequenceMultiple);

    /// <summary>Tokens that a text takes in the stream.</summary>
    public int TextTokens(int count) => checked((int)(((long)Filled(count) + TextBucket - 1) / TextBucket * TextBucket));

    /// <summary>Checks that the numbers fit each other and are of a plausible size.</summary>
    /// <exception cref="ArgumentException">They do not; names the two that disagree.</exception>
    public ZImageConfig Validated()
    {
        var check = new SizeCheck("A Z-Image transformer");
        check.Require(
            InChannels is > 0 and <= 4096 && InChannels % (PatchSize * PatchSize) == 0,
            $"{InChannels} channels of a token, which 2×2 latent cells make");
        check.Require(
            BlockCount is > 0 and <= 1024 && NoiseRefinerCount is >= 0 and <= 1024 && ContextRefinerCount is >= 0 and <= 1024,
            $"{BlockCount} blocks and {NoiseRefinerCount} and {ContextRefinerCount} refiners");
        check.Require(TextChannels is > 0 and <= 65536, $"texts of {TextChannels} channels");
        check.Require(TimeSize is > 0 and <= 65536 && VectorSize is > 0 and <= 65536, $"timesteps of {TimeSize} and {VectorSize} channels");
        check.Stream(HiddenSize, HeadCount, MlpSize);
        check.Positions(PositionAxes, 3, HeadChannels, Theta);
        check.Require(
            TextBucket is > 0 and <= 4096 && TextBucket % SequenceMultiple == 0, $"texts in multiples of {TextBucket} tokens, itself one of 32");
        _ = GridOf([LatentChannels, LatentHeight, LatentWidth]);
        return this;
    }

    /// <summary>For reports.</summary>
    public override string ToString() => this is { HiddenSize: 3840, BlockCount: 30 } ? "Z-Image" : $"Z-Image {BlockCount}x{HiddenSize}";
}
