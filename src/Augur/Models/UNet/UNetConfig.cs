using System.Collections.Immutable;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>
/// The sizes of a Stable Diffusion U-Net (Rombach et al., 2022; Podell et al., 2023): levels of residual blocks and transformers, each half as high
/// and wide as the one around it, with a skip connection from every layer of the way down to one of the way up.
/// </summary>
public sealed record UNetConfig
{
    /// <summary>Epsilon of the group norms in residual blocks and before the output.</summary>
    public const float ResidualEpsilon = 1e-5f;

    /// <summary>Epsilon of the group norm before the blocks of a transformer.</summary>
    public const float TransformerEpsilon = 1e-6f;

    /// <summary>Epsilon of the layer norms inside transformer blocks.</summary>
    public const float LayerEpsilon = 1e-5f;

    /// <summary>Pixels of a latent cell's side, in which SDXL is told the size of the picture.</summary>
    internal const int PixelsPerCell = 8;

    private const string OfNoName = "U-Net";
    private const int MaxCells = 1 << 20;

    /// <summary>Channels that are read: those of the latent, and in inpainting networks a mask and the masked picture behind them.</summary>
    public int InChannels { get; init; } = 4;

    /// <summary>Channels of the latent.</summary>
    public int OutChannels { get; init; } = 4;

    /// <summary>Channels of each level, the outermost first; 320, 640, 1280, 1280 in Stable Diffusion 1.</summary>
    public required ImmutableArray<int> BlockChannels { get; init; }

    /// <summary>Layers of a level on the way down; one more on the way up. 2 as published.</summary>
    public int LayersPerBlock { get; init; } = 2;

    /// <summary>Transformer blocks in each layer of a level; 0: its layers have no attention.</summary>
    public required ImmutableArray<int> TransformerDepths { get; init; }

    /// <summary>Transformer blocks in the middle; 0: there is no attention.</summary>
    public required int MiddleDepth { get; init; }

    /// <summary>Attention heads of each level, a divisor of its channels; the middle has those of the innermost.</summary>
    public required ImmutableArray<int> HeadCounts { get; init; }

    /// <summary>Channels of a token of text; 768 in Stable Diffusion 1, 1024 in 2, 2048 in SDXL.</summary>
    public required int CrossChannels { get; init; }

    /// <summary>Groups of the group norms; 32 as published.</summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>
    /// Whether transformers begin and end with linear maps (Stable Diffusion 2, SDXL), stored as matrices, instead of 1×1 convolutions.
    /// </summary>
    public bool HasLinearProjections { get; init; }

    /// <summary>Channels of the vector of the whole text; 0: none is read (Stable Diffusion 1 and 2). 1280 in SDXL.</summary>
    public int PooledChannels { get; init; }

    /// <summary>Width of the sinusoid of each number about the picture's size; 256 in SDXL.</summary>
    public int SizeChannels { get; init; } = 256;

    /// <summary>How many numbers about the picture's size are read where a pooled vector is: 6 in SDXL, 5 in its refiner.</summary>
    public int SizeCount { get; init; } = 6;

    /// <summary>
    /// Width of the sinusoid of the guidance scale, which is told beside the timestep (<c>time_cond_proj_dim</c>); 0: none is. 256 in the network of
    /// Latent Consistency Models (arXiv 2310.04378), which needs no second row then.
    /// </summary>
    public int GuidanceChannels { get; init; }

    /// <summary>What the output means; v in Stable Diffusion 2.1 for 768 pixels.</summary>
    public Prediction Prediction { get; init; } = Prediction.Epsilon;

    /// <summary>
    /// Whether guidance without a negative prompt compares with zeros in place of an encoded empty text, as SDXL's pipelines do
    /// (<c>force_zeros_for_empty_prompt</c>).
    /// </summary>
    public bool ComparesWithZeros { get; init; }

    /// <summary>
    /// Texts count in FLOPs as the next multiple of this many tokens, so that prompts of different lengths share calls. 77 is CLIP's.
    /// </summary>
    public int TextBucket { get; init; } = 77;

    /// <summary>Latent cells of a picture when a request does not say, from top to bottom; 64 are 512 pixels.</summary>
    public int LatentHeight { get; init; } = 64;

    /// <summary>The same from left to right.</summary>
    public int LatentWidth { get; init; } = 64;

    /// <summary>Levels.</summary>
    public int LevelCount => BlockChannels.Length;

    /// <summary>Channels of the timestep's vector.</summary>
    public int TimeChannels => 4 * BlockChannels[0];

    /// <summary>Width of what SDXL is told besides the timestep: pooled text and sizes; 0: nothing.</summary>
    public int AddedChannels => PooledChannels == 0 ? 0 : PooledChannels + (SizeCount * SizeChannels);

    /// <summary>Skip connections, the first around everything.</summary>
    public int SkipCount => LevelCount * (LayersPerBlock + 1);

    /// <summary>Channels that are read behind the latent's.</summary>
    public int ExtraChannels => InChannels - OutChannels;

    /// <summary>Tokens that a text counts as.</summary>
    public int TextTokens(int count) => checked((int)(((long)count + TextBucket - 1) / TextBucket * TextBucket));

    /// <summary>Checks that a latent is one of this network's.</summary>
    /// <param name="latent">[channels, height, width] in latent cells.</param>
    /// <exception cref="ArgumentException">It is not; the message names both shapes.</exception>
    public Shape GridOf(Shape latent) =>
        latent.Rank == 3 && latent[0] == OutChannels && latent[1] > 0 && latent[2] > 0 && (long)latent[1] * latent[2] <= MaxCells
            ? [latent[1], latent[2]]
            : throw new ArgumentException($"{this} draws latents [{OutChannels}, height, width] of at most {MaxCells} cells, not of {latent}.");

    /// <summary>Checks that the numbers fit each other and are of a plausible size.</summary>
    /// <exception cref="ArgumentException">They do not; names the two that disagree.</exception>
    public UNetConfig Validated()
    {
        Require(!BlockChannels.IsDefaultOrEmpty && LevelCount <= 8, $"{(BlockChannels.IsDefault ? 0 : LevelCount)} levels");
        Require(LayersPerBlock is > 0 and <= 16, $"{LayersPerBlock} layers in a level");
        Require(
            TransformerDepths.Length == LevelCount && HeadCounts.Length == LevelCount,
            $"transformers for {TransformerDepths.Length} and heads for {HeadCounts.Length} of {LevelCount} levels");
        Require(NormGroups > 0, $"{NormGroups} groups of channels");
        Require(OutChannels is > 0 and <= 256 && InChannels >= OutChannels && InChannels <= 1024, $"{InChannels} channels in and {OutChannels} out");
        Require(CrossChannels is > 0 and <= 65536, $"texts of {CrossChannels} channels");
        Require(MiddleDepth is >= 0 and <= 256, $"{MiddleDepth} transformer blocks in the middle");
        for (var level = 0; level < LevelCount; level++)
        {
            var (channels, heads, depth) = (BlockChannels[level], HeadCounts[level], TransformerDepths[level]);
            Require(channels is > 0 and <= 65536 && channels % NormGroups == 0, $"{channels} channels in {NormGroups} groups");
            Require(heads > 0 && channels % heads == 0, $"{heads} heads on {channels} channels");
            Require(depth is >= 0 and <= 256, $"{depth} transformer blocks in a layer");
        }

        Require(BlockChannels[0] % 2 == 0, $"a timestep's sinusoid of {BlockChannels[0]} channels; it is even");
        Require(
            PooledChannels is >= 0 and <= 65536 && SizeChannels is > 0 and <= 65536 && SizeChannels % 2 == 0 && SizeCount is >= 0 and <= 64,
            $"a pooled text of {PooledChannels} channels and {SizeCount} sizes of {SizeChannels}");
        Require(GuidanceChannels is >= 0 and <= 65536 && GuidanceChannels % 2 == 0, $"a guidance scale in {GuidanceChannels} channels");
        Require(TextBucket is > 0 and <= 4096, $"texts in multiples of {TextBucket} tokens");
        Require(
            Prediction is Prediction.Epsilon or Prediction.Velocity or Prediction.Image, $"an output that means {Prediction}");
        _ = GridOf([OutChannels, LatentHeight, LatentWidth]);
        return this;

        static void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new ArgumentException($"A Stable Diffusion U-Net cannot have {what}.");
            }
        }
    }

    /// <summary>Whether these are the sizes of a published network, whose heads and groups are known.</summary>
    internal bool IsPublished => !ToString().StartsWith(OfNoName, StringComparison.Ordinal);

    /// <summary>For reports.</summary>
    public override string ToString() => (CrossChannels, PooledChannels, InChannels - OutChannels) switch
    {
        (768, 0, 0) when LevelCount == 4 => "Stable Diffusion 1",
        (1024, 0, 0) when LevelCount == 4 => "Stable Diffusion 2",
        (2048, > 0, 0) => "SDXL",
        (1280, > 0, 0) => "SDXL refiner",
        (768, 0, 5) when LevelCount == 4 => "Stable Diffusion 1 inpainting",
        (1024, 0, 5) when LevelCount == 4 => "Stable Diffusion 2 inpainting",
        (2048, > 0, 5) => "SDXL inpainting",
        _ => $"{OfNoName} {string.Join('-', BlockChannels)}",
    };
}
