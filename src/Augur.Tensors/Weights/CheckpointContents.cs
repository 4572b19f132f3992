namespace Augur.Tensors.Weights;

/// <summary>What a reader found in a file.</summary>
/// <param name="Format">For people, as in <see cref="Checkpoint.Format"/>.</param>
/// <param name="Tensors">By name.</param>
/// <param name="Metadata">The file's own notes, and ours under keys of their own.</param>
internal sealed record CheckpointContents(string Format, Dictionary<string, StoredTensor> Tensors, Dictionary<string, string> Metadata)
{
    /// <summary>Under this key the metadata say which of several sets of weights was taken.</summary>
    public const string ChoiceKey = "taken";

    /// <summary>Entries that stand where tensors do and could not be read, by name, each with what it is.</summary>
    public Dictionary<string, string> Unreadable { get; init; } = [];
}
