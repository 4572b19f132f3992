using System.Globalization;
using Augur.Tensors;

namespace Augur.Models.PixArt;

/// <summary>
/// The sizes of a PixArt transformer: a DiT whose blocks read a caption by cross-attention and share one modulation (Chen et al., "PixArt-α", 2023,
/// and "PixArt-Σ", 2024).
/// </summary>
public sealed record PixArtConfig
{
    /// <summary>Epsilon of every norm in the original code.</summary>
    public const float NormEpsilon = 1e-6f;

    /// <summary>Width of the sinusoids of timestep, size and aspect ratio before their two linear maps.</summary>
    public const int FrequencyCount = 256;

    /// <summary>Pixels along a latent cell's side, in which the network is told the picture's size.</summary>
    public const int PixelsPerCell = 8;

    /// <summary>Most tokens of one sample: a bound on what a request alone can make the network allocate.</summary>
    private const int MaxTokens = 1 << 18;

    /// <summary>Side of the square latent that it was trained for, in latent cells; 128 for 1024 pixels.</summary>
    public required int InputSize { get; init; }

    /// <summary>Side of a patch, in latent cells; one patch is one token. 2 as published.</summary>
    public int PatchSize { get; init; } = 2;

    /// <summary>Channels of the latent; 4 as published.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of a token; 1152 as published.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Number of blocks; 28 as published.</summary>
    public required int Depth { get; init; }

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>. 16 as published.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Width of the feed-forward branches; 4 times the stream's as published.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Channels of a caption's token as its encoder gives it; 4096 as published (T5-XXL).</summary>
    public required int CaptionChannels { get; init; }

    /// <summary>Tokens of the null caption that the checkpoint holds, 120 (α) or 300 (Σ) as published; 0: it holds none.</summary>
    public int NullCaptionTokens { get; init; }

    /// <summary>Whether the network also predicts the variance of each cell; samplers that take none drop it.</summary>
    public bool LearnsVariance { get; init; } = true;

    /// <summary>Whether the network is told the picture's size and aspect ratio (α at 1024 pixels).</summary>
    public bool HasSizeConditions { get; init; }

    /// <summary>
    /// By what the positions of the trained grid are divided: 1 for 512 pixels, 2 for 1024, and 0.5 for Σ at 256, 1 for α there.
    /// </summary>
    public double PositionScale { get; init; } = 1;

    /// <summary>
    /// In the accounting of cost a text has a multiple of this many tokens, so that prompts of different lengths share dense calls. Nobody attends to
    /// what fills a text up.
    /// </summary>
    public int TextBucket { get; init; } = 32;

    /// <summary>Channels of the output.</summary>
    public int OutChannels => LearnsVariance ? 2 * InChannels : InChannels;

    /// <summary>The published sizes.</summary>
    /// <param name="imageSize">Pixels along the side: 256, 512 or 1024.</param>
    /// <param name="isSigma">PixArt-Σ, otherwise PixArt-α.</param>
    public static PixArtConfig Published(int imageSize, bool isSigma) => imageSize is 256 or 512 or 1024
        ? new()
        {
            InputSize = imageSize / PixelsPerCell,
            InChannels = 4,
            HiddenSize = 1152,
            Depth = 28,
            HeadCount = 16,
            MlpSize = 4 * 1152,
            CaptionChannels = 4096,
            NullCaptionTokens = isSigma ? 300 : 120,
            HasSizeConditions = !isSigma && imageSize == 1024,
            PositionScale = isSigma && imageSize == 256 ? 0.5 : Math.Max(1, imageSize / 512),
        }
        : throw new ArgumentException($"PixArt was published for 256, 512 and 1024 pixels, not for {imageSize}.", nameof(imageSize));

    /// <summary>Tokens of a picture, as [rows, columns].</summary>
    /// <param name="latent">[channels, height, width] in latent cells.</param>
    /// <exception cref="ArgumentException">It is not a latent of this network; the message names both shapes.</exception>
    public Shape GridOf(Shape latent) =>
        latent.Rank == 3 && latent[0] == InChannels && latent[1] > 0 && latent[2] > 0 && latent[1] % PatchSize == 0 && latent[2] % PatchSize == 0
            && (long)latent[1] * latent[2] / (PatchSize * PatchSize) <= MaxTokens
            ? [latent[1] / PatchSize, latent[2] / PatchSize]
            : throw new ArgumentException(
                $"{this} draws latents [{InChannels}, height, width] with sides that are multiples of {PatchSize} and at most {MaxTokens} tokens, "
                + $"not of {latent}.");

    /// <summary>Tokens that a text counts as.</summary>
    public int TextTokens(int count) => checked((int)(((long)count + TextBucket - 1) / TextBucket * TextBucket));

    /// <summary>Checks that the numbers fit each other and are of a plausible size.</summary>
    /// <exception cref="ArgumentException">They do not; names the two that disagree.</exception>
    public PixArtConfig Validated()
    {
        Require(PatchSize is > 0 and <= 64, $"patches of {PatchSize} cells");
        Require(InputSize is > 0 and <= 4096 && InputSize % PatchSize == 0, $"patches of {PatchSize} on an input of {InputSize} cells");
        Require(InChannels is > 0 and <= 1024, $"{InChannels} channels");
        Require(
            HiddenSize is > 0 and <= 65536 && HiddenSize % 4 == 0,
            $"a hidden size of {HiddenSize}, which the position table needs to be a multiple of 4");
        Require(HeadCount > 0 && HiddenSize % HeadCount == 0, $"{HeadCount} heads on a hidden size of {HiddenSize}");
        Require(Depth is > 0 and <= 1024, $"{Depth} blocks");
        Require(MlpSize is > 0 and <= 1 << 20, $"feed-forward branches of width {MlpSize}");
        Require(CaptionChannels is > 0 and <= 65536, $"captions of {CaptionChannels} channels");
        Require(NullCaptionTokens is >= 0 and <= 1 << 16, $"a null caption of {NullCaptionTokens} tokens");
        Require(
            !HasSizeConditions || HiddenSize % 3 == 0,
            $"a hidden size of {HiddenSize}, of which height, width and aspect ratio have a third each");
        Require(PositionScale is > 0 and <= 1000, $"positions divided by {PositionScale.ToString(CultureInfo.InvariantCulture)}");
        Require(TextBucket is > 0 and <= 4096, $"texts in multiples of {TextBucket} tokens");
        _ = GridOf([InChannels, InputSize, InputSize]);
        return this;

        static void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new ArgumentException($"A PixArt transformer cannot have {what}.");
            }
        }
    }

    /// <summary>For reports: the published name where there is one, otherwise depth, width and patch.</summary>
    public override string ToString() => this is { HiddenSize: 1152, Depth: 28, PatchSize: 2 }
        ? $"PixArt{(NullCaptionTokens == 120 ? "-α" : NullCaptionTokens == 300 ? "-Σ" : "")} {InputSize * PixelsPerCell}"
        : $"PixArt {Depth}x{HiddenSize}/{PatchSize}";
}
