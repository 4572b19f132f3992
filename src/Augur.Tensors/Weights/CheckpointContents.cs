namespace Augur.Tensors.Weights;

/// <summary>The content of a weight file.</summary>
/// <param name="Format">Format for display, as in <see cref="Checkpoint.Format"/>.</param>
/// <param name="Tensors">The tensors by name.</param>
/// <param name="Metadata">The file's metadata and further entries of the reader.</param>
internal sealed record CheckpointContents(string Format, Dictionary<string, StoredTensor> Tensors, Dictionary<string, string> Metadata)
{
    /// <summary>Key of the metadata that says which of several sets of weights was taken.</summary>
    public const string ChoiceKey = "taken";

    /// <summary>Entries beside the tensors that could not be read: name and kind.</summary>
    public Dictionary<string, string> Unreadable { get; init; } = [];
}
