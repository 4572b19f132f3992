using System.Globalization;
using Augur.Catalogs.Families;
using Augur.Catalogs.Lora;
using Augur.Models;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>Loads models from files and folders of any supported layout.</summary>
public static class ModelCatalog
{
    private const string BuiltInFolder = "models/emoji";
    private const string TextFolder = "models/text";
    private const string WriterFolder = "models/stories";

    /// <summary>Folder of the model that the package Augur.Models.Emoji brings: pictures of emoji by name, 32×32 pixels.</summary>
    /// <exception cref="WeightFileException">The folder is not beside the program.</exception>
    public static string BuiltInPath => BuiltInFiles.Find(BuiltInFolder, "the built-in model");

    /// <summary>Folder of the model that the package Augur.Models.Text brings: pictures of emoji from prompts, 64×64 pixels.</summary>
    /// <exception cref="WeightFileException">The folder is not beside the program.</exception>
    public static string BuiltInTextPath => BuiltInFiles.Find(TextFolder, "the built-in text model", package: "Augur.Models.Text");

    /// <summary>
    /// The built-in model for prompts: that of classes where each prompt is the name or the number of one, otherwise that of texts.
    /// </summary>
    /// <param name="prompts">What is to be drawn; none: any class.</param>
    /// <returns>Its folder, and the first prompt that names no class; null: each does.</returns>
    /// <exception cref="WeightFileException">A folder is not beside the program.</exception>
    public static (string Path, string? Prompt) BuiltInFor(IReadOnlyList<string> prompts)
    {
        if (prompts.NotNull().Count == 0)
        {
            return (BuiltInPath, null);
        }

        var classes = ModelInspection.Inspect(BuiltInPath).Classes;
        var text = prompts.FirstOrDefault(prompt =>
            !classes.Contains(prompt.Trim(), StringComparer.OrdinalIgnoreCase) && !int.TryParse(prompt, CultureInfo.InvariantCulture, out _));
        return (text is null ? BuiltInPath : BuiltInTextPath, text);
    }

    /// <summary>Folder of the model that the package Augur.Models.Stories brings: it continues short stories for children.</summary>
    /// <exception cref="WeightFileException">The folder is not beside the program.</exception>
    public static string BuiltInWriterPath => BuiltInFiles.Find(WriterFolder, "the built-in writer", package: "Augur.Models.Stories");

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
    /// A folder of Augur's own layout (config.json and weights), a diffusers folder of a pipeline or of its network, or a weight file: a network in
    /// its original layout (.safetensors, .pt), whose sizes follow from its shapes or from a config.json beside it, or one that holds all parts.
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
        return LoadParts(new ModelPaths { Model = path, Autoencoder = autoencoderPath }, backend);
    }

    /// <summary>
    /// Loads a model from a folder, a file, or its parts. What a file is follows from the names and shapes of its tensors, never from its own name.
    /// </summary>
    /// <param name="paths">Where its files are.</param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <param name="options">How it is loaded; null: the defaults.</param>
    /// <exception cref="WeightFileException">
    /// A file is not there, is not what it was given as, or a part is missing; the message says which, and what to look for.
    /// </exception>
    public static DiffusionModel LoadParts(ModelPaths paths, IBackend backend, ModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(backend);
        options ??= new();
        var parts = LoraFit.Apply(ModelParts.Find(paths), paths.Loras, options.LorasMayBePartial);

        // What is of no known family may be described by a configuration, and otherwise gets its sentence there.
        var model = (parts.Family ?? new DitFamily()).Load(parts, backend, options);
        if (model.Denoiser is IModulatedNetwork { Modulations: var modulations })
        {
            modulations.Budget = options.ModulationBudget;
        }

        return model;
    }

    /// <summary>Whether a model writes texts; otherwise it draws, or is none that is known. It is not loaded.</summary>
    /// <param name="paths">Where its files are.</param>
    /// <exception cref="WeightFileException">A file is not there, or is damaged.</exception>
    public static bool Writes(ModelPaths paths)
    {
        var main = paths.NotNull().Main;
        return File.Exists(main) || Directory.Exists(main) ? ModelParts.Find(paths).Family?.Writes == true
            : throw new WeightFileException($"{main}: there is no such file or folder.");
    }

    /// <summary>The file or folder of a model's network, by which it is told apart from others.</summary>
    internal static string NetworkPath(string path) => ModelParts.Find(new() { Model = path }).Network.Path;
}
