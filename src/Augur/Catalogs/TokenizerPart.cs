using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>A tokenizer among a model's files.</summary>
/// <param name="Path">A folder with tokenizer.json, spiece.model, or vocab.json and merges.txt; or such a file.</param>
/// <param name="Slot">Of the text encoder that it belongs to in a pipeline folder, from 0; null: it comes from elsewhere.</param>
internal sealed record TokenizerPart(string Path, int? Slot = null)
{
    private static readonly string[] s_files =
        ["tokenizer.json", "spiece.model", "tokenizer.model", "sentencepiece.bpe.model", "vocab.json", "bpe_simple_vocab_16e6.txt.gz"];

    private static readonly string[] s_folders = ["tokenizer", "tokenizer_2", "tokenizer_3"];

    /// <summary>One that was given by itself.</summary>
    public static TokenizerPart Given(string path) => new(path);

    /// <summary>What lies in the folder of a weight file, or in a folder of weights: files and folders of the usual names.</summary>
    public static IReadOnlyList<TokenizerPart> Beside(string path)
    {
        var folder = Directory.Exists(path) ? path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        return
        [
            .. s_files.Select(file => System.IO.Path.Combine(folder, file)).Where(File.Exists)
                .Concat(s_folders.Select(name => System.IO.Path.Combine(folder, name)).Where(Directory.Exists))
                .Select(found => new TokenizerPart(found)),
        ];
    }

    /// <summary>Whether it is of the sort that a text encoder reads: pieces with probabilities for T5, byte pairs for the others.</summary>
    public bool Suits(TextEncoderKind kind) => (kind == TextEncoderKind.T5) == IsOfPieces() && (kind == TextEncoderKind.Decoder || !IsOfQwen());

    /// <summary>Tokens of a text at most, as tokenizer_config.json has it; null: it does not say, or has no limit.</summary>
    /// <exception cref="WeightFileException">The file is damaged.</exception>
    public int? MaxTokens()
    {
        var folder = Directory.Exists(Path) ? Path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        var file = System.IO.Path.Combine(folder, "tokenizer_config.json");
        return File.Exists(file) && ForeignJson.Read(file).Find("model_max_length")?.AsNumber() is { } limit and >= 2 and <= 1 << 20
            ? (int)limit
            : null;
    }

    // The file that is read, as where the folder is read.
    private string Main => !Directory.Exists(Path) ? Path
        : s_files.Select(file => System.IO.Path.Combine(Path, file)).FirstOrDefault(File.Exists) ?? Path;

    private bool IsOfPieces() => Main.EndsWith(".model", StringComparison.OrdinalIgnoreCase) || Says("\"Unigram\"");

    private bool IsOfQwen() => Says("<|im_start|>");

    // In tokenizer.json the sort stands as a text; the whole file of a large vocabulary takes some milliseconds.
    private bool Says(string text) => Main.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        && File.Exists(Main) && new FileInfo(Main).Length < 64 << 20
        && File.ReadAllText(Main).Contains(text, StringComparison.Ordinal);
}
