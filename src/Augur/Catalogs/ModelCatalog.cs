using Augur.Conditioning;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Weights;
using Augur.Tuning;

namespace Augur.Catalogs;

/// <summary>Loads models from files and folders of any supported layout.</summary>
public static class ModelCatalog
{
    private const string BuiltInFolder = "models/emoji";

    /// <summary>Folder of the model that the package Augur.Models.Emoji brings: pictures of emoji by name, 32×32 pixels.</summary>
    /// <exception cref="WeightFileException">The folder is not beside the program.</exception>
    public static string BuiltInPath => BuiltInFiles.Find(BuiltInFolder, "the built-in model");

    /// <summary>
    /// Path of a model's profile for a quality word: <c>profiles/WORD.json</c> in its folder, as <c>augur tune --quality WORD</c> writes it; null if
    /// there is none.
    /// </summary>
    /// <param name="modelPath">The model's folder or file; null: the built-in model.</param>
    /// <param name="word">highest, high, balanced or fast.</param>
    public static string? FindProfile(string? modelPath, string word)
    {
        var path = Path.Combine(modelPath ?? BuiltInPath, "profiles", $"{word}.json");
        return File.Exists(path) ? path : null;
    }

    /// <summary>Loads the built-in model.</summary>
    public static DiffusionModel LoadBuiltIn(IBackend backend) => Load(BuiltInPath, backend);

    /// <summary>Loads a model from a weight file or a folder, with the tuned caching methods in the folder's <c>profiles</c>.</summary>
    /// <param name="path">
    /// A folder of Augur's own layout (config.json and weights), a diffusers folder of a pipeline or of its DiT, or a weight file in the original
    /// DiT's layout (.safetensors, .pt) whose sizes follow from its shapes or from a config.json beside it.
    /// </param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <param name="autoencoderPath">Weights of the autoencoder, for a latent model whose folder has none.</param>
    /// <exception cref="WeightFileException">
    /// There is no such file or folder, it is not a supported model, or the weights do not fit; the message names the file and the tensor.
    /// </exception>
    public static DiffusionModel Load(string path, IBackend backend, string? autoencoderPath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(backend);
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
