using Augur.Tensors.Weights;

namespace Augur.Pipelines;

/// <summary>The files of the packages of models, which lie beside the program that references them.</summary>
internal static class BuiltInFiles
{
    private const string Package = "Augur.Models.Emoji";

    /// <summary>A folder of a package.</summary>
    /// <param name="folder">As models/emoji.</param>
    /// <param name="what">The sentence's subject, as "the built-in model".</param>
    /// <param name="program">Folder of the program; null: of the one that runs.</param>
    /// <param name="package">That brings it.</param>
    /// <exception cref="WeightFileException">It is not beside the program: says which package brings it.</exception>
    public static string Find(string folder, string what, string? program = null, string package = Package)
    {
        var path = Path.Combine(program ?? AppContext.BaseDirectory, folder);
        return Directory.Exists(path) ? path
            : throw new WeightFileException($"{path}: {what} is not beside the program; the package {package} brings it.");
    }
}
