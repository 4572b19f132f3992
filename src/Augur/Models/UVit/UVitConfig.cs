using Augur.Tensors;

namespace Augur.Models.UVit;

/// <summary>
/// The sizes of a U-ViT (Bao et al., 2023): a transformer over time, condition and patches as tokens alike, with long skip connections between its
/// first and second half.
/// </summary>
public sealed record UVitConfig
{
    /// <summary>Epsilon of every norm.</summary>
    public const float NormEpsilon = 1e-5f;

    /// <summary>Side of the latent, in cells; 32 for pictures of 256 pixels.</summary>
    public required int InputSize { get; init; }

    /// <summary>Side of a patch, in cells; divides <see cref="InputSize"/>.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Channels of the latent.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Blocks of both halves together, an even number; one more stands between them.</summary>
    public required int Depth { get; init; }

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>. No shape tells it: 64 channels a head as published.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Width of the feed-forward branches.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool HasQkvBias { get; init; }

    /// <summary>Whether the timestep's sinusoid passes two linear maps before it is a token.</summary>
    public bool HasTimeMaps { get; init; }

    /// <summary>Whether a 3×3 convolution smooths the output.</summary>
    public bool HasFinalConvolution { get; init; }

    /// <summary>Classes, the last of which is the null class; 0 in networks of texts.</summary>
    public int ClassCount { get; init; }

    /// <summary>Channels of a token of text; 0 in networks of classes.</summary>
    public int TextChannels { get; init; }

    /// <summary>Tokens of a text, all of which have a place of their own; 77 as published.</summary>
    public int TextTokens { get; init; }

    /// <summary>Patches on a side.</summary>
    public int GridSize => InputSize / PatchSize;

    /// <summary>Patches.</summary>
    public int PatchCount => GridSize * GridSize;

    /// <summary>Tokens before the patches: label and time, or time and text.</summary>
    public int ExtraTokens => 1 + (TextChannels > 0 ? TextTokens : 1);

    /// <summary>All blocks.</summary>
    public int BlockCount => Depth + 1;

    /// <summary>Numbers of a patch.</summary>
    public int PatchChannels => PatchSize * PatchSize * InChannels;

    /// <summary>The latent.</summary>
    public Shape LatentShape => [InChannels, InputSize, InputSize];

    /// <summary>Checks that the numbers fit each other and are of a plausible size.</summary>
    /// <exception cref="ArgumentException">They do not; names the two that disagree.</exception>
    public UVitConfig Validated()
    {
        Require(InputSize is > 0 and <= 1024 && PatchSize > 0 && InputSize % PatchSize == 0, $"patches of {PatchSize} on a side of {InputSize}");
        Require(InChannels is > 0 and <= 256, $"{InChannels} channels");
        Require(HiddenSize is > 0 and <= 65536 && HiddenSize % 2 == 0, $"a hidden size of {HiddenSize}");
        Require(HeadCount > 0 && HiddenSize % HeadCount == 0, $"{HeadCount} heads on a hidden size of {HiddenSize}");
        Require(Depth is > 0 and <= 1024 && Depth % 2 == 0, $"{Depth} blocks in two halves");
        Require(MlpSize is > 0 and <= 1 << 20, $"feed-forward branches of width {MlpSize}");
        Require(
            ClassCount > 1 ? TextChannels == 0 && TextTokens == 0 : ClassCount == 0 && TextChannels > 0 && TextTokens is > 0 and <= 4096,
            $"{ClassCount} classes and texts of {TextTokens} tokens; it has one of them");
        return this;

        static void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new ArgumentException($"A U-ViT cannot have {what}.");
            }
        }
    }

    /// <summary>For reports.</summary>
    public override string ToString() => $"U-ViT {BlockCount}x{HiddenSize}";
}
