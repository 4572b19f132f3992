using System.Collections.Immutable;
using Augur.Conditioning;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.UNet;

/// <summary>
/// The published key layouts of a Stable Diffusion U-Net, read into one network: diffusers', and the original codes', alone or within a checkpoint of
/// the whole model.
/// </summary>
internal static class UNetLayouts
{
    private static readonly string[] s_prefixes = ["model.diffusion_model.", "diffusion_model.", "unet.", ""];

    /// <summary>Whether a checkpoint holds such a network, in either layout.</summary>
    public static bool Is(Checkpoint checkpoint) => PrefixOf(checkpoint) is not null;

    /// <summary>Whether the names are the original codes'.</summary>
    public static bool IsOriginal(Checkpoint checkpoint) => PrefixOf(checkpoint) is { } prefix && IsOriginal(checkpoint, prefix);

    /// <summary>What stands before the names of the network's tensors; null: the checkpoint holds none.</summary>
    public static string? PrefixOf(Checkpoint checkpoint) =>
        Array.Find(s_prefixes, prefix => IsOriginal(checkpoint, prefix) || IsDiffusers(checkpoint, prefix));

    /// <summary>Reads the network; every tensor below its prefix must have its place, and what else a checkpoint holds is left.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="adjust">Changes what shapes cannot tell: heads, groups, what the output means; null: nothing.</param>
    /// <param name="encoder">Makes embeddings of prompts; null: only embeddings are read.</param>
    /// <exception cref="WeightFileException">A tensor is missing, left over, or has another shape.</exception>
    public static UNetModel Load(
        Checkpoint checkpoint, IBackend backend, Func<UNetConfig, UNetConfig>? adjust = null, IPromptEncoder? encoder = null)
    {
        var root = new WeightScope(checkpoint, backend);
        try
        {
            var inferred = Infer(checkpoint);
            var config = Checked(checkpoint, adjust?.Invoke(inferred) ?? inferred);
            var prefix = PrefixOf(checkpoint)!;
            var weights = new UNetReader(root, prefix, config, NamesOf(checkpoint, prefix, config)).Read();
            RequireAllUsed(checkpoint, prefix, config);
            return new UNetModel(config, weights, backend, encoder);
        }
        catch
        {
            root.ReleaseAll();
            throw;
        }
    }

    /// <summary>
    /// The sizes that the shapes of a checkpoint imply. Heads are not among them: they are 8 where transformers begin with a convolution (Stable
    /// Diffusion 1) and as many as have 64 channels each where they begin with a matrix. Groups of norms are 32.
    /// </summary>
    /// <exception cref="WeightFileException">They imply none.</exception>
    public static UNetConfig Infer(Checkpoint checkpoint)
    {
        var prefix = PrefixOf(checkpoint)
            ?? throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a Stable Diffusion U-Net.");
        var found = new UNetShapes(checkpoint, prefix, IsOriginal(checkpoint, prefix));
        var names = found.Names;
        var levels = Enumerable.Range(0, found.LevelCount).ToArray();
        ImmutableArray<int> channels =
            [.. levels.Select(level => found.Outputs($"{names.Down(level, 0).Residual}.{names.Residual.Convolution1}.weight", 4))];
        ImmutableArray<int> depths = [.. levels.Select(level => found.Blocks(names.Down(level, 0).Transformer))];
        var middle = found.Blocks(names.Middle.Transformer);
        var attended = middle > 0 ? names.Middle.Transformer
            : Array.FindIndex([.. depths], depth => depth > 0) is >= 0 and var level ? names.Down(level, 0).Transformer
            : throw new WeightFileException($"{checkpoint.Path}: the U-Net attends to no text, and such ones are not built.");
        var isLinear = found.Find($"{attended}.proj_in.weight").Rank == 2;
        var cross = found.Find($"{attended}.transformer_blocks.0.attn2.to_k.weight", 2)[1];
        var added = found.Has($"{names.Added.First}.weight") ? found.Find($"{names.Added.First}.weight", 2)[1] : 0;
        var (pooled, sizes, sizeChannels) = AddedOf(added, cross, channels[0]);
        var isLarge = pooled > 0;
        return new UNetConfig
        {
            InChannels = found.Find($"{names.Input}.weight", 4)[1],
            OutChannels = found.Outputs($"{names.Output.Convolution}.weight", 4),
            BlockChannels = channels,
            LayersPerBlock = found.LayersPerBlock,
            TransformerDepths = depths,
            MiddleDepth = middle,
            HeadCounts = [.. channels.Select(c => isLinear ? Math.Max(1, c / 64) : 8)],
            CrossChannels = cross,
            HasLinearProjections = isLinear,
            GuidanceChannels = names.Guidance is { } guidance && found.Has($"{guidance}.weight") ? found.Find($"{guidance}.weight", 2)[1] : 0,
            PooledChannels = pooled,
            SizeCount = sizes,
            SizeChannels = sizeChannels,
            ComparesWithZeros = isLarge,
            LatentHeight = isLarge ? 128 : 64,
            LatentWidth = isLarge ? 128 : 64,
        };
    }

    /// <summary>What each linear map is made of in a checkpoint, and in every layout without a prefix.</summary>
    public static LayoutTraces Traces(Checkpoint checkpoint, UNetConfig config)
    {
        var prefix = PrefixOf(checkpoint)!;
        return new(
            Trace(prefix, NamesOf(checkpoint, prefix, config)),
            [Trace("", new DiffusersUNetNames(config.LevelCount)), Trace("", new OriginalUNetNames(config.LevelCount, config.LayersPerBlock))]);

        WeightTrace Trace(string before, IUNetNames names) =>
            WeightTrace.Of(names is DiffusersUNetNames ? "diffusers" : "original", root => new UNetReader(root, before, config, names).Read());
    }

    /// <summary>Every tensor of a checkpoint's layout with its shape, its prefix included.</summary>
    public static Dictionary<string, Shape> Expected(Checkpoint checkpoint, UNetConfig config)
    {
        var prefix = PrefixOf(checkpoint) ?? "";
        return new UNetExpectation(config, NamesOf(checkpoint, prefix, config), prefix).Tensors();
    }

    // Width of pooled text and sizes together, as released: SDXL 1280 + 6 · 256, its refiner 1280 + 5 · 256.
    private static (int Pooled, int Sizes, int SizeChannels) AddedOf(int added, int cross, int channels)
    {
        const int Sinusoid = 256;
        return added == 0 ? (0, 6, Sinusoid)
            : cross == 1280 && added == 1280 + (5 * Sinusoid) ? (1280, 5, Sinusoid)
            : added > 6 * Sinusoid ? (added - (6 * Sinusoid), 6, Sinusoid)
            : (Math.Max(0, added - (6 * channels)), 6, channels);
    }

    private static bool IsOriginal(Checkpoint checkpoint, string prefix) =>
        checkpoint.Tensors.ContainsKey($"{prefix}input_blocks.0.0.weight") && checkpoint.Tensors.ContainsKey($"{prefix}out.2.weight");

    private static bool IsDiffusers(Checkpoint checkpoint, string prefix) =>
        checkpoint.Tensors.ContainsKey($"{prefix}conv_in.weight") && checkpoint.Tensors.ContainsKey($"{prefix}time_embedding.linear_1.weight");

    private static IUNetNames NamesOf(Checkpoint checkpoint, string prefix, UNetConfig config) => IsOriginal(checkpoint, prefix)
        ? new OriginalUNetNames(config.LevelCount, config.LayersPerBlock) : new DiffusersUNetNames(config.LevelCount);

    private static void RequireAllUsed(Checkpoint checkpoint, string prefix, UNetConfig config)
    {
        var expected = Expected(checkpoint, config);
        var others = checkpoint.Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !expected.ContainsKey(name))
            .Order(StringComparer.Ordinal).ToArray();
        if (others.Length > 0)
        {
            throw new WeightFileException(
                $"{checkpoint.Path}: {others.Length} tensors have no place in {config}, first {WeightFileException.Quote(others[0])}.");
        }
    }

    private static UNetConfig Checked(Checkpoint checkpoint, UNetConfig config)
    {
        try
        {
            return config.Validated();
        }
        catch (ArgumentException error)
        {
            throw new WeightFileException($"{checkpoint.Path}: {error.Message}", error);
        }
    }
}
