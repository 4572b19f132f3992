namespace Augur.Tensors.Weights;

/// <summary>What a reader found in a file.</summary>
/// <param name="Format">For people, as in <see cref="Checkpoint.Format"/>.</param>
/// <param name="Tensors">By name.</param>
/// <param name="Metadata">The file's own notes.</param>
internal sealed record CheckpointContents(string Format, Dictionary<string, StoredTensor> Tensors, Dictionary<string, string> Metadata);
