using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>One part of a model: a file or folder of weights, or what has a prefix in a file that holds several parts.</summary>
/// <param name="Path">File or folder.</param>
/// <param name="Prefix">Of its tensors' names, with the last dot; empty: all are its own.</param>
internal sealed record ModelPart(string Path, string Prefix = "")
{
    /// <summary>What LoRAs change in it.</summary>
    public IReadOnlyList<WeightChange> Changes { get; init; } = [];

    /// <summary>For messages: the path, and the prefix where it takes one to find it.</summary>
    public string Place => Prefix.Length == 0 ? Path : $"{Path} ({Prefix}*)";

    /// <summary>Opens the weights under the names of the part's own code.</summary>
    /// <exception cref="WeightFileException">They are not there, or damaged.</exception>
    public Checkpoint Open() => Checkpoint.Open(Path, Prefix).With(Changes);

    /// <summary>
    /// The config.json of its folder; null where there is none, where the file holds several parts, or where it describes something else.
    /// </summary>
    /// <param name="isOwn">Whether a configuration describes this part.</param>
    /// <exception cref="WeightFileException">It cannot be read.</exception>
    public ForeignJson? Config(Func<ForeignJson, bool> isOwn)
    {
        if (Prefix.Length > 0)
        {
            return null;
        }

        var folder = Directory.Exists(Path) ? Path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        var file = System.IO.Path.Combine(folder, "config.json");
        return File.Exists(file) && ForeignJson.Read(file) is var config && isOwn(config) ? config : null;
    }
}

/// <summary>A text encoder among a model's files.</summary>
/// <param name="Part">Its weights.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Width">Channels of a token.</param>
/// <param name="Slot">
/// Where it stands among its like in a pipeline folder, from 0: the tokenizer with the same number is its own; null: it comes from elsewhere.
/// </param>
internal sealed record TextPart(ModelPart Part, TextEncoderKind Kind, int Width, int? Slot = null)
{
    /// <summary>For messages and lists.</summary>
    public override string ToString() => $"{TextEncoders.Name(Kind)} of width {Width}";
}
