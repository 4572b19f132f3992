using System.Collections.Immutable;
using Augur.Tensors;

namespace Augur.Models.Sd3;

/// <summary>Guidance away from what the network draws without some of its blocks (skip-layer guidance; SD3.5-medium as released).</summary>
/// <param name="Scale">v + scale · (v of the condition − v without the blocks); 2.5 as released.</param>
/// <param name="Layers">The blocks that are left out; 7, 8, 9 as released.</param>
/// <param name="Start">It acts in steps i with start · steps &lt; i; 0.01 as released.</param>
/// <param name="End">And i &lt; end · steps; 0.2 as released.</param>
public sealed record SkipLayerGuidance(double Scale, ImmutableArray<int> Layers, double Start = 0.01, double End = 0.2);

/// <summary>
/// The sizes of a Stable Diffusion 3 or 3.5 transformer: joint blocks of picture and text (Esser et al., "Scaling Rectified Flow Transformers",
/// 2024).
/// </summary>
public sealed record Sd3Config
{
    /// <summary>Epsilon of every norm in the original code.</summary>
    public const float NormEpsilon = 1e-6f;

    /// <summary>Width of the timestep's sinusoid before its two linear maps.</summary>
    public const int FrequencyCount = 256;

    /// <summary>Channels of a head in every published network.</summary>
    public const int PublishedHeadChannels = 64;

    /// <summary>Side of a patch, in latent cells; one patch is one token. 2 as published.</summary>
    public int PatchSize { get; init; } = 2;

    /// <summary>Channels of the latent; 16 as published.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the stream; 1536 (medium), 2432 (3.5 large).</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>. As many as blocks as published.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Number of blocks; 24 (medium), 38 (3.5 large). In the last one the text serves as keys and values only.</summary>
    public required int Depth { get; init; }

    /// <summary>Blocks in which the picture also attends to itself alone, ascending; 0 to 12 in 3.5 medium, none elsewhere.</summary>
    public ImmutableArray<int> DualBlocks { get; init; } = [];

    /// <summary>Whether queries and keys of each head are normalised by their root mean square (3.5).</summary>
    public bool HasQueryKeyNorm { get; init; }

    /// <summary>Width of the feed-forward branches; 4 times the stream's as published.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Channels of a text token as its encoders give it; 4096 as published.</summary>
    public required int TextChannels { get; init; }

    /// <summary>Channels of the vector that stands for the whole text; 2048 as published.</summary>
    public required int PooledChannels { get; init; }

    /// <summary>Side of the square table of places, of whose middle a picture takes its own; 192, or 384 in 3.5 medium.</summary>
    public required int PositionSize { get; init; }

    /// <summary>
    /// Texts are filled up to a multiple of this many tokens, which nobody attends to, so that prompts of different lengths share dense calls. 1:
    /// they are not; the published encoders give texts of one length.
    /// </summary>
    public int TextBucket { get; init; } = 1;

    /// <summary>Guidance by leaving blocks out, which takes a row more in every call; null: none.</summary>
    public SkipLayerGuidance? SkipGuidance { get; init; }

    /// <summary>Latent cells of a picture when a request does not say, from top to bottom; 128 are 1024 pixels.</summary>
    public int LatentHeight { get; init; } = 128;

    /// <summary>The same from left to right.</summary>
    public int LatentWidth { get; init; } = 128;

    /// <summary>Channels of a head.</summary>
    public int HeadChannels => HiddenSize / HeadCount;

    /// <summary>Whether a block has the second attention.</summary>
    public bool IsDual(int layer) => DualBlocks.Contains(layer);

    /// <summary>Whether the text of a block serves as keys and values only.</summary>
    public bool IsLast(int layer) => layer == Depth - 1;

    /// <summary>The published sizes.</summary>
    /// <param name="name">"sd3-medium", "sd3.5-medium" or "sd3.5-large".</param>
    /// <exception cref="ArgumentException">No such network was published.</exception>
    public static Sd3Config Published(string name)
    {
        var depth = name switch { "sd3-medium" or "sd3.5-medium" => 24, "sd3.5-large" => 38, _ => 0 };
        return depth == 0
            ? throw new ArgumentException($"'{name}' was not published; there are sd3-medium, sd3.5-medium and sd3.5-large.", nameof(name))
            : new()
            {
                InChannels = 16,
                HiddenSize = depth * PublishedHeadChannels,
                HeadCount = depth,
                Depth = depth,
                DualBlocks = name == "sd3.5-medium" ? [.. Enumerable.Range(0, 13)] : [],
                HasQueryKeyNorm = name != "sd3-medium",
                MlpSize = 4 * depth * PublishedHeadChannels,
                TextChannels = 4096,
                PooledChannels = 2048,
                PositionSize = name == "sd3.5-medium" ? 384 : 192,
            };
    }

    /// <summary>Tokens of a picture, as [rows, columns].</summary>
    /// <param name="latent">[channels, height, width] in latent cells.</param>
    /// <exception cref="ArgumentException">It is not a latent of this network; the message names both shapes.</exception>
    public Shape GridOf(Shape latent) =>
        latent.Rank == 3 && latent[0] == InChannels && latent[1] > 0 && latent[2] > 0 && latent[1] % PatchSize == 0 && latent[2] % PatchSize == 0
            && latent[1] / PatchSize <= PositionSize && latent[2] / PatchSize <= PositionSize
            ? [latent[1] / PatchSize, latent[2] / PatchSize]
            : throw new ArgumentException(
                $"{this} draws latents [{InChannels}, height, width] with sides that are multiples of {PatchSize} and at most "
                + $"{(long)PositionSize * PatchSize}, not of {latent}.");

    /// <summary>Tokens that a text takes in the stream.</summary>
    public int TextTokens(int count) => checked((int)(((long)count + TextBucket - 1) / TextBucket * TextBucket));

    /// <summary>Checks that the numbers fit each other and are of a plausible size.</summary>
    /// <exception cref="ArgumentException">They do not; names the two that disagree.</exception>
    public Sd3Config Validated()
    {
        Require(PatchSize is > 0 and <= 64, $"patches of {PatchSize} cells");
        Require(InChannels is > 0 and <= 1024, $"{InChannels} channels");
        Require(HiddenSize is > 0 and <= 65536, $"a hidden size of {HiddenSize}");
        Require(HeadCount > 0 && HiddenSize % HeadCount == 0, $"{HeadCount} heads on a hidden size of {HiddenSize}");
        Require(Depth is > 0 and <= 1024, $"{Depth} blocks");
        Require(
            !DualBlocks.IsDefault && DualBlocks.All(layer => layer >= 0 && layer < Depth),
            $"second attentions outside of its {Depth} blocks");
        Require(MlpSize is > 0 and <= 1 << 20, $"feed-forward branches of width {MlpSize}");
        Require(
            TextChannels is > 0 and <= 65536 && PooledChannels is > 0 and <= 65536,
            $"texts of {TextChannels} channels and {PooledChannels} pooled");
        Require(PositionSize is > 0 and <= 4096, $"a table of {PositionSize} places along a side");
        Require(TextBucket is > 0 and <= 4096, $"texts in multiples of {TextBucket} tokens");
        Require(
            SkipGuidance is null || (!SkipGuidance.Layers.IsDefault && SkipGuidance.Layers.All(layer => layer >= 0 && layer < Depth)),
            $"skip-layer guidance by blocks outside of its {Depth}");
        Require(
            SkipGuidance is null or { Scale: >= 0 and <= 100, Start: >= 0 and <= 1, End: >= 0 and <= 1 },
            "skip-layer guidance of a scale outside of 0 to 100 or steps outside of 0 to 1");
        _ = GridOf([InChannels, LatentHeight, LatentWidth]);
        return this;

        static void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new ArgumentException($"An SD3 transformer cannot have {what}.");
            }
        }
    }

    /// <summary>For reports: the published name where there is one, otherwise depth and width.</summary>
    public override string ToString() => (HiddenSize, Depth, HasQueryKeyNorm) switch
    {
        (1536, 24, false) => "SD3-medium",
        (1536, 24, true) => "SD3.5-medium",
        (2432, 38, true) => "SD3.5-large",
        _ => $"SD3 {Depth}x{HiddenSize}/{PatchSize}",
    };
}
