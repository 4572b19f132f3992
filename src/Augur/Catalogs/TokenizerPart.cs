namespace Augur.Catalogs;

/// <summary>A tokenizer among a model's files.</summary>
/// <param name="Path">A folder with tokenizer.json, spiece.model, or vocab.json and merges.txt; or such a file.</param>
/// <param name="Slot">Of the text encoder that it belongs to in a pipeline folder, from 0; null: it comes from elsewhere.</param>
internal sealed record TokenizerPart(string Path, int? Slot = null)
{
    private static readonly string[] s_files = ["tokenizer.json", "spiece.model", "tokenizer.model", "vocab.json"];

    /// <summary>One that was given by itself.</summary>
    public static TokenizerPart Given(string path) => new(path);

    /// <summary>What lies in the folder of a weight file, or in a folder of weights.</summary>
    public static IReadOnlyList<TokenizerPart> Beside(string path)
    {
        var folder = Directory.Exists(path) ? path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        return IsIn(folder) ? [new(folder)] : [];
    }

    /// <summary>Whether it is of the sort that a text encoder reads: pieces with probabilities for T5, byte pairs for the others.</summary>
    public bool Suits(TextEncoderKind kind) => (kind == TextEncoderKind.T5) == IsOfPieces();

    /// <summary>Whether a folder holds one.</summary>
    public static bool IsIn(string folder) => s_files.Any(file => File.Exists(System.IO.Path.Combine(folder, file)));

    private bool IsOfPieces()
    {
        var files = Directory.Exists(Path) ? [.. s_files.Select(file => System.IO.Path.Combine(Path, file)).Where(File.Exists)] : new[] { Path };
        return files.Any(file => file.EndsWith(".model", StringComparison.OrdinalIgnoreCase) || IsUnigram(file));
    }

    // In tokenizer.json the sort stands as a text; a whole file of a large vocabulary takes some milliseconds.
    private static bool IsUnigram(string file) => file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        && File.Exists(file) && File.ReadAllText(file).Contains("\"Unigram\"", StringComparison.Ordinal);
}
