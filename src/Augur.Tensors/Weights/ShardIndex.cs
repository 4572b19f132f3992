using System.Text.Json;

namespace Augur.Tensors.Weights;

/// <summary>The <c>*.safetensors.index.json</c> of a checkpoint in several files: which tensor is in which of them.</summary>
/// <param name="Shards">Each shard's file name, without folder, and the tensors it must hold.</param>
/// <param name="Metadata">The index's own notes, as text.</param>
internal sealed record ShardIndex(Dictionary<string, HashSet<string>> Shards, Dictionary<string, string> Metadata)
{
    private const int MaxBytes = 100_000_000;
    private const int MaxShards = 4096;

    public static ShardIndex Parse(WeightSource source)
    {
        if (source.Length > MaxBytes)
        {
            throw source.Error($"is {source.Length} bytes long; the limit for an index is {MaxBytes}.");
        }

        var json = new Utf8JsonReader(source.Slice(0, (int)source.Length), new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            return Parse(source, ref json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new WeightFileException(source.Error($"the index is not valid JSON at byte {json.BytesConsumed}.").Message, e);
        }
    }

    private static ShardIndex Parse(WeightSource source, ref Utf8JsonReader json)
    {
        var index = new ShardIndex([], []);
        var names = new HashSet<string>();
        json.Read();
        RequireObject(source, ref json, "the index");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isMap = json.ValueTextEquals("weight_map");
            var isMetadata = json.ValueTextEquals("metadata");
            json.Read();
            if (isMap)
            {
                RequireObject(source, ref json, "weight_map");
                ParseMap(source, ref json, index, names);
            }
            else if (isMetadata)
            {
                RequireObject(source, ref json, "metadata");
                ParseMetadata(ref json, index);
            }
            else
            {
                json.Skip();
            }
        }

        json.Read(); // throws where something follows the closing brace
        return index.Shards.Count > 0 ? index : throw source.Error("the index has no weight_map, or an empty one.");
    }

    private static void ParseMap(WeightSource source, ref Utf8JsonReader json, ShardIndex index, HashSet<string> names)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String)
            {
                throw source.Error($"tensor {WeightFileException.Quote(name)} is not mapped to the name of a file.");
            }

            if (!names.Add(name))
            {
                throw source.Error($"tensor {WeightFileException.Quote(name)} is listed twice.");
            }

            Assign(source, index, name, json.GetString()!);
        }
    }

    private static void Assign(WeightSource source, ShardIndex index, string tensor, string shard)
    {
        if (!index.Shards.TryGetValue(shard, out var tensors))
        {
            if (!IsPlainFileName(shard))
            {
                var (name, file) = (WeightFileException.Quote(tensor), WeightFileException.Quote(shard));
                throw source.Error($"tensor {name} is mapped to {file}, which is not a plain .safetensors file name beside the index.");
            }

            if (index.Shards.Count == MaxShards)
            {
                throw source.Error($"the index names more than {MaxShards} files.");
            }

            index.Shards[shard] = tensors = [];
        }

        tensors.Add(tensor);
    }

    // What is outside the folder is none of a checkpoint's business; this holds for the separators of every system, not only this one's.
    private static bool IsPlainFileName(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal)
        && name.Length <= 255
        && !name.StartsWith('.')
        && name.AsSpan().IndexOfAny('/', '\\', ':') < 0
        && !name.Any(char.IsControl);

    private static void ParseMetadata(ref Utf8JsonReader json, ShardIndex index)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            json.Read();
            if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                json.Skip();
                continue;
            }

            index.Metadata[key] = json.TokenType == JsonTokenType.String
                ? json.GetString()!
                : System.Text.Encoding.UTF8.GetString(json.ValueSpan);
        }
    }

    private static void RequireObject(WeightSource source, ref Utf8JsonReader json, string what)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw source.Error($"{what} is not a JSON object.");
        }
    }
}
