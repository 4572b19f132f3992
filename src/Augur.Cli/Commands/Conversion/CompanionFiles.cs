using Augur.Catalogs;
using Augur.Tensors.Files;
using Augur.Tensors.Weights;

namespace Augur.Cli.Commands.Conversion;

/// <summary>
/// What has to lie beside converted weights for them to load on their own: the configuration that lay beside the original, and of a model that writes
/// its tokenizer.
/// </summary>
/// <param name="files">Where each is, and where it goes.</param>
internal sealed class CompanionFiles(IReadOnlyList<(string From, string To)> files)
{
    private const string Configuration = "config.json";

    private static readonly string[] s_tokenizer =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "chat_template.jinja",
    ];

    /// <summary>Names of those that are written.</summary>
    public IReadOnlyList<string> Names => [.. files.Select(file => Path.GetFileName(file.To))];

    /// <summary>Finds them.</summary>
    /// <param name="model">The original, a file or a folder.</param>
    /// <param name="path">The new file.</param>
    /// <exception cref="CommandException">In the new file's folder lie others of these names.</exception>
    public static CompanionFiles Of(string model, string path)
    {
        var from = Directory.Exists(model) ? Path.GetFullPath(model) : Path.GetDirectoryName(Path.GetFullPath(model))!;
        var to = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Path.TrimEndingDirectorySeparator(from) == to)
        {
            return new([]); // they are there
        }

        string[] wanted = [Configuration, .. Writes(model) ? s_tokenizer : []];
        var found = wanted.Select(name => (From: Path.Combine(from, name), To: Path.Combine(to, name))).Where(f => File.Exists(f.From)).ToList();
        return found.FirstOrDefault(file => File.Exists(file.To) && !AreSame(file.From, file.To)).To is { } other
            ? throw CommandException.WrongUse($"--out {path}: {Path.GetFileName(other)} of the model has to lie beside it, and there is another in "
                + $"{to}; give a folder of its own.")
            : new([.. found.Where(file => !File.Exists(file.To))]);
    }

    /// <summary>Writes them.</summary>
    /// <exception cref="IOException">One cannot be written.</exception>
    public void Write()
    {
        foreach (var (from, to) in files)
        {
            AtomicFile.Write(to, stream => stream.Write(File.ReadAllBytes(from)));
        }
    }

    private static bool AreSame(string one, string other) => File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));

    // What is no model of its own, such as an autoencoder, writes nothing.
    private static bool Writes(string model)
    {
        try
        {
            return ModelCatalog.Writes(new() { Model = model });
        }
        catch (WeightFileException)
        {
            return false;
        }
    }
}
