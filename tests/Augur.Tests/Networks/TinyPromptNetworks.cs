using Augur.Decoding;
using Augur.Models.PixArt;
using Augur.Models.Sd3;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Tests.Networks;

/// <summary>A tiny network of random weights that draws texts, for tables of what holds for all of them.</summary>
/// <param name="Load">Loads it as a model.</param>
/// <param name="TextChannels">Of a token of text.</param>
/// <param name="PooledChannels">Of the vector of the whole text.</param>
/// <param name="Other">A latent of another shape that it draws too.</param>
/// <param name="Refused">Policies that cannot work on it, and the sentence with which they are refused.</param>
internal sealed record TinyPromptNetwork(
    Func<IBackend, DiffusionModel> Load, int TextChannels, int PooledChannels, Shape Other, IReadOnlyDictionary<string, string> Refused)
{
    /// <summary>A text of that many tokens, its numbers made up from a seed, with one to compare with.</summary>
    public PromptEmbedding Text(int tokens, int seed = 0, float scale = 1) =>
        Embedding(tokens, seed, scale) with { Negative = Embedding(tokens > 4 ? tokens - 2 : tokens + 1, seed + 100, 1) };

    private PromptEmbedding Embedding(int tokens, int seed, float scale) => new(
        [.. Enumerable.Range(0, tokens * TextChannels).Select(i => scale * MathF.Sin((i * 12.9898f) + (seed * 78.233f)))],
        TextChannels,
        [.. Enumerable.Range(0, PooledChannels).Select(i => scale * MathF.Cos((i * 3.7f) + seed))]);
}

/// <summary>The tiny networks by name; one more architecture is one line.</summary>
internal static class TinyPromptNetworks
{
    private const string OtherBranches =
        "Policy l2c: its tables have an attention and a feed-forward branch for each block; this network's blocks have others.";

    private const string NoCrossAttention =
        "Tokens toca: this network does not offer TextEntropy at its cross-attention; score is random, similarity or norm.";

    private static readonly Dictionary<string, TinyPromptNetwork> s_all = new()
    {
        ["pixart"] = new(
            backend => Model(PixArt(backend, isTold: false), "dpm++"), 20, 0, [4, 6, 6], new Dictionary<string, string>
            {
                ["l2c(mask=uniform(share=0.4))"] = OtherBranches,
                ["dbcache(front=3,back=2,threshold=0.3)"] = "Policy dbcache: front=3 and back=2 leave none of this network's 5 blocks to reuse.",
            }),
        ["pixart that is told the size"] = new(
            backend => Model(PixArt(backend, isTold: true), "ddpm"), 20, 0, [4, 6, 10], new Dictionary<string, string>
            {
                ["l2c(mask=uniform(share=0.4))"] = OtherBranches,
            }),
        ["sd3"] = new(
            backend => Model(Sd3(backend, []), "euler(shift=3)"), 20, 12, [16, 6, 6], new Dictionary<string, string>
            {
                ["l2c(mask=uniform(share=0.4))"] = OtherBranches,
                ["toca(score=text-entropy)"] = NoCrossAttention,
            }),
        ["sd3 with second attentions"] = new(
            backend => Model(Sd3(backend, [0, 1, 2]), "dpm++2m(shift=3)"), 20, 12, [16, 6, 6], new Dictionary<string, string>
            {
                ["l2c(mask=uniform(share=0.4))"] = OtherBranches,
            }),
    };

    public static IEnumerable<string> Names => s_all.Keys;

    public static TinyPromptNetwork Of(string name) => s_all[name];

    /// <summary>A PixArt of five blocks, trained for 8×8 cells.</summary>
    public static PixArtModel PixArt(IBackend backend, bool isTold)
    {
        var config = new PixArtConfig
        {
            InputSize = 8,
            InChannels = 4,
            HiddenSize = 24,
            Depth = 5,
            HeadCount = 2,
            MlpSize = 48,
            CaptionChannels = 20,
            NullCaptionTokens = 16,
            HasSizeConditions = isTold,
            TextBucket = 8,
        };
        using var checkpoint = RandomCheckpoint.Of(PixArtTensors.Original(config), without: "pos_embed");
        return PixArtLayouts.Load(checkpoint, backend, adjust: _ => config);
    }

    /// <summary>An SD3 of five blocks for 8×12 cells, its texts filled up to multiples of eight tokens.</summary>
    public static Sd3Model Sd3(IBackend backend, int[] dual, Func<Sd3Config, Sd3Config>? adjust = null)
    {
        var config = new Sd3Config
        {
            InChannels = 16,
            HiddenSize = 24,
            HeadCount = 3,
            Depth = 5,
            DualBlocks = [.. dual],
            HasQueryKeyNorm = dual.Length > 0,
            MlpSize = 48,
            TextChannels = 20,
            PooledChannels = 12,
            PositionSize = 8,
            TextBucket = 8,
            LatentHeight = 8,
            LatentWidth = 12,
        };
        using var checkpoint = RandomCheckpoint.Of(Sd3Tensors.Original(config));
        return Sd3Layouts.Load(checkpoint, backend, _ => adjust?.Invoke(config) ?? config);
    }

    private static DiffusionModel Model(INetwork network, string sampler) =>
        new(network, new FirstChannel(), null, new GenerationDefaults(Samplers.Parse(sampler), 12, new Guidance(1.5)));

    /// <summary>A grey picture of the first channel.</summary>
    private sealed class FirstChannel : IDecoder
    {
        public int PixelsPerCell => 1;

        public Medium Decode(Tensor latent)
        {
            int height = latent.Shape[2], width = latent.Shape[3];
            var first = latent.Reshape([1, latent.Shape[1] * height * width]).Columns(0, height * width);
            return new Picture(RgbImage.FromPixels(first.Reshape([1, 1, height, width])).Single());
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>Checkpoints of made-up weights: small enough that features move smoothly, large enough that everything shows in the answer.</summary>
internal static class RandomCheckpoint
{
    /// <summary>One with these tensors.</summary>
    /// <param name="tensors">Names and shapes.</param>
    /// <param name="without">A tensor that is left out; null: none.</param>
    public static Checkpoint Of(IReadOnlyDictionary<string, Shape> tensors, string? without = null) =>
        Checkpoint.FromBytes("random.safetensors", Bytes(tensors, without));

    /// <summary>The same as the bytes of a file.</summary>
    public static byte[] Bytes(IReadOnlyDictionary<string, Shape> tensors, string? without = null)
    {
        var writer = new SafetensorsWriter();
        var phase = 0;
        foreach (var (name, shape) in tensors.OrderBy(t => t.Key, StringComparer.Ordinal).Where(t => t.Key != without))
        {
            phase++;
            var isNorm = name.Contains("ln_", StringComparison.Ordinal) || name.Contains("norm_", StringComparison.Ordinal);
            var scale = shape.Rank == 1 ? 0.1f : 1 / MathF.Sqrt(shape.ElementCount / shape[0]);
            writer.Add(name, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(i =>
                (isNorm && shape.Rank == 1 ? 1 : 0) + (scale * MathF.Sin((i * 12.9898f) + (phase * 78.233f))))], shape);
        }

        return writer.ToArray();
    }
}
