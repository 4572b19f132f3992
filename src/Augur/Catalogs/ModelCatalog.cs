using Augur.Conditioning;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Weights;
using Augur.Tuning;

namespace Augur.Catalogs;

/// <summary>Finds out what a file or folder holds, and makes a model of it.</summary>
public static class ModelCatalog
{
    private const string BuiltInFolder = "models/emoji";

    /// <summary>Folder of the model that the package Augur.Models.Emoji brings: pictures of emoji by name, 32×32 pixels.</summary>
    /// <exception cref="WeightFileException">The folder is not beside the program.</exception>
    public static string BuiltInPath => BuiltInFiles.Find(BuiltInFolder, "the built-in model");

    /// <summary>The policy file for a word of quality that a model's folder has, profiles/WORD.json, as <c>augur tune --quality WORD</c> writes it; null: it has none.</summary>
    /// <param name="modelPath">The model's folder or file; null: the built-in model.</param>
    /// <param name="word">lossless, high, balanced or fast.</param>
    public static string? FindProfile(string? modelPath, string word)
    {
        var path = Path.Combine(modelPath ?? BuiltInPath, "profiles", $"{word}.json");
        return File.Exists(path) ? path : null;
    }

    /// <summary>Loads the built-in model.</summary>
    public static DiffusionModel LoadBuiltIn(IBackend backend) => Load(BuiltInPath, backend);

    /// <summary>Loads a model from a weight file or a folder, with the caching methods tuned for it that stand in profiles/WORD.json of the folder.</summary>
    /// <param name="path">
    /// Our folder (config.json and weights), diffusers' folder of a pipeline or of its DiT, or a weight file in the original
    /// DiT's layout (.safetensors, .pt) whose sizes follow from its shapes or from a config.json beside it.
    /// </param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="autoencoderPath">Weights of the autoencoder, for a model of latents whose folder has none.</param>
    /// <exception cref="WeightFileException">Nothing of this kind is there, or the weights do not fit it; names the file and the tensor.</exception>
    public static DiffusionModel Load(string path, IBackend backend, string? autoencoderPath = null)
    {
        var source = ModelSource.Find(path);
        var denoiser = source.LoadDenoiser(backend, out var choice);
        try
        {
            var decoder = LoadDecoder(source, backend, autoencoderPath);
            var names = source.Classes.Count == 0 || source.Classes.Count == denoiser.Config.ClassCount ? source.Classes
                : throw new WeightFileException($"{path}: {source.Classes.Count} class names for {denoiser.Config.ClassCount} classes.");
            return new DiffusionModel(denoiser, decoder, new ClassNames(names, denoiser.Config.ClassCount), source.Defaults)
            {
                Path = path,
                MethodOf = new ModelMethods(path).Choose,
                WeightsChoice = choice,
            };
        }
        catch
        {
            denoiser.Dispose();
            throw;
        }
    }

    private static IDecoder LoadDecoder(ModelSource source, IBackend backend, string? autoencoderPath)
    {
        if (source.IsPixelSpace)
        {
            return autoencoderPath is null ? new PixelDecoder()
                : throw new WeightFileException($"{source.Path}: this model draws pixels; an autoencoder ({autoencoderPath}) has nothing to decode.");
        }

        var path = autoencoderPath ?? source.AutoencoderPath
            ?? throw new WeightFileException($"{source.Path}: this model draws latents; give the autoencoder that decodes them with --vae.");
        return AutoencoderKl.Load(path, backend);
    }
}
