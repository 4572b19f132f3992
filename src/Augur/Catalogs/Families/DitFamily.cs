using System.Globalization;
using Augur.Conditioning;
using Augur.Decoding;
using Augur.Models.Dit;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Weights;
using Augur.Tuning;

namespace Augur.Catalogs.Families;

/// <summary>DiT: classes by number or name, in Augur's own layout, the original's and diffusers'.</summary>
internal sealed class DitFamily : IModelFamily
{
    public string Name => "DiT";

    public bool Recognises(Checkpoint network) => DitLayouts.IsOriginal(network) || DitLayouts.IsDiffusers(network);

    public NetworkSheet Describe(ModelParts parts, Checkpoint network)
    {
        var source = ModelSource.Find(parts.Path);
        var isDiffusers = source.IsDiffusersLayout(network);
        if (source.Config is null && !DitLayouts.IsOriginal(network))
        {
            var what = isDiffusers ? "DiT in diffusers' layout; its sizes need the folder's config.json" : "unknown";
            return new(what, new Dictionary<string, string>(), null)
            {
                UnusedConfig = source.Unused,
            };
        }

        var config = source.ConfigFor(network);
        return new($"{config}, {source.Layout} layout", SizesOf(config),
            isDiffusers ? DitLayouts.ExpectedDiffusers(config) : DitLayouts.ExpectedOriginal(config))
        {
            Optional = ["pos_embed", "pos_embed.pos_embed"],
            Classes = source.Classes,
            UnusedConfig = source.Unused,
        };
    }

    public DiffusionModel Load(ModelParts parts, IBackend backend, ModelOptions options)
    {
        var source = ModelSource.Find(parts.Path);
        var denoiser = source.LoadDenoiser(backend, out var choice);
        try
        {
            var names = source.Classes.Count == 0 || source.Classes.Count == denoiser.Config.ClassCount ? source.Classes
                : throw new WeightFileException($"{parts.Path}: {source.Classes.Count} class names for {denoiser.Config.ClassCount} classes.");
            var decoder = LoadDecoder(source, parts, backend);
            return new DiffusionModel(denoiser, decoder, new ClassNames(names, denoiser.Config.ClassCount), source.Defaults)
            {
                Path = parts.Path,
                MethodOf = new ModelMethods(parts.Path).Choose,
                WeightsChoice = choice,
            };
        }
        catch
        {
            denoiser.Dispose();
            throw;
        }
    }

    private static IDecoder LoadDecoder(ModelSource source, ModelParts parts, IBackend backend)
    {
        if (source.IsPixelSpace)
        {
            return parts.Autoencoder is not { } given ? new PixelDecoder()
                : throw new WeightFileException($"{source.Path}: this model draws pixels; an autoencoder ({given.Path}) has nothing to decode.");
        }

        var path = parts.Autoencoder?.Path ?? source.AutoencoderPath
            ?? throw new WeightFileException($"{source.Path}: this model draws latents; give the autoencoder that decodes them with --vae.");
        return AutoencoderKl.Load(path, backend);
    }

    private static Dictionary<string, string> SizesOf(DitConfig config) => new()
    {
        ["latent"] = $"[{config.InChannels}, {config.InputSize}, {config.InputSize}], {config.TokenCount} tokens in patches of "
            + $"{config.PatchSize}x{config.PatchSize}",
        ["blocks"] = $"{config.Depth} of width {config.HiddenSize} with {config.HeadCount} heads",
        ["conditions"] = $"{config.ClassCount} classes and the null class",
        ["variance"] = config.LearnsVariance ? "learned" : "not learned",
        ["cost"] = string.Create(
            CultureInfo.InvariantCulture, $"{DitMap.Of(config).FlopsPerRow / 1e9:0.00} GFLOP per row and call (a multiply-add is 2)"),
    };
}
