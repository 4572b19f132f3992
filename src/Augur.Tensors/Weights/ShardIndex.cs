namespace Augur.Tensors.Weights;

/// <summary>The <c>*.index.json</c> of a checkpoint in several files: which tensor is in which of them.</summary>
/// <param name="Shards">Each shard's file name, without folder, and the tensors it must hold.</param>
/// <param name="Metadata">The index's metadata, as text.</param>
internal sealed record ShardIndex(Dictionary<string, HashSet<string>> Shards, Dictionary<string, string> Metadata)
{
    private const int MaxBytes = 100_000_000;
    private const int MaxShards = 4096;
    private static readonly string[] s_endings = [".safetensors", ".bin", ".pt", ".pth"];

    public static ShardIndex Read(string path) => Parse(ForeignJson.Read(path, MaxBytes));

    public static ShardIndex Parse(ForeignJson json)
    {
        var index = new ShardIndex([], []);
        foreach (var (tensor, shard) in json.Find("weight_map")?.Fields() ?? [])
        {
            Assign(shard, index, tensor, shard.AsText());
        }

        foreach (var (key, note) in json.Find("metadata")?.Fields() ?? [])
        {
            if (!note.IsObject && !note.IsList)
            {
                index.Metadata[key] = note.IsText ? note.AsText() : note.RawText;
            }
        }

        return index.Shards.Count > 0 ? index : throw json.Error("has no weight_map, or an empty one.");
    }

    private static void Assign(ForeignJson field, ShardIndex index, string tensor, string shard)
    {
        if (!index.Shards.TryGetValue(shard, out var tensors))
        {
            if (!IsPlainFileName(shard))
            {
                throw field.Error($"is {WeightFileException.Quote(shard)}, which is not the plain name of a weight file beside the index.");
            }

            if (index.Shards.Count == MaxShards)
            {
                throw new WeightFileException($"{field.File}: names more than {MaxShards} files.");
            }

            index.Shards[shard] = tensors = [];
        }

        tensors.Add(tensor);
    }

    // Shards must be in the index's folder: names with a separator of any operating system are refused.
    private static bool IsPlainFileName(string name) =>
        s_endings.Any(e => name.EndsWith(e, StringComparison.Ordinal))
        && name.Length <= 255
        && !name.StartsWith('.')
        && name.AsSpan().IndexOfAny('/', '\\', ':') < 0
        && !name.Any(char.IsControl);
}
