using System.Text;
using System.Text.Json.Nodes;

namespace Augur.Fuzz;

/// <summary>Damages a file of a model folder: mostly its JSON, by fields and values, and the headers of its weights, by bytes.</summary>
internal sealed class FolderMutator(FolderSeed folder, Random random)
{
    // Stands in the text for what no JSON library would write.
    private const string Raw = "@raw@";

    private static readonly string[] s_values =
        ["null", "[]", "{}", "\"\"", "\"\\ud800\"", "\"a\\u0000b\"", "true", "false", "-1", "0", "1", "2", "3", "4", "8", "0.5", "1e400", "1e-400",
            "2147483647", "2147483648", "65536", "[null]", "[[8]]", "{\"a\":null}", "\"8\"", "\"ddim\"", "\"all\"", "\"pixel\"", "\"ada_norm_zero\"",
            "\"../../x.safetensors\"", "NaN", "01", "{\"a\":1,\"a\":2}"];

    private static readonly string[] s_names =
        ["_class_name", "id2label", "weight_map", "metadata", "defaults", "class_names", "guidance", "sampler", "steps", "out_channels",
            "patch_size", "norm_eps", "params", "ch_mult", "block_out_channels", "scaling_factor", "latents_mean", "use_quant_conv", "\u0001", ""];

    /// <summary>One changed file.</summary>
    public (string Name, byte[] Bytes) Next()
    {
        var wantsJson = random.Next(4) != 0;
        string[] names = [.. folder.Files.Keys.Where(n => n.EndsWith(".json", StringComparison.Ordinal) == wantsJson)];
        var name = names[random.Next(names.Length)];
        var bytes = folder.Files[name];
        if (!name.EndsWith(".json", StringComparison.Ordinal))
        {
            return (name, Weights(name, bytes));
        }

        return (name, random.Next(6) == 0 ? new Mutator([new FuzzSeed(name, SeedKind.Index, bytes)], random).Next().Bytes : Fields(bytes));
    }

    private byte[] Weights(string name, byte[] bytes)
    {
        var kind = name.EndsWith(".safetensors", StringComparison.Ordinal) ? SeedKind.Safetensors : SeedKind.Zip;
        if (random.Next(8) == 0)
        {
            return bytes[..random.Next(bytes.Length)];
        }

        return new Mutator([new FuzzSeed(name, kind, bytes)], random).Next().Bytes;
    }

    private byte[] Fields(byte[] bytes)
    {
        var root = JsonNode.Parse(bytes)!;
        List<string> raw = [];
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            Change(root, raw);
        }

        var text = root.ToJsonString();
        for (var i = 0; i < raw.Count; i++)
        {
            text = text.Replace($"\"{Raw}{i}\"", raw[i], StringComparison.Ordinal);
        }

        return random.Next(20) switch
        {
            0 => [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(text)],
            1 => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
            2 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", 200)) + text),
            _ => Encoding.UTF8.GetBytes(text),
        };
    }

    // Walks down at random and changes what it comes to.
    private void Change(JsonNode node, List<string> raw)
    {
        while (true)
        {
            var parent = node as JsonObject;
            if (parent is null || parent.Count == 0)
            {
                return;
            }

            var name = parent.ElementAt(random.Next(parent.Count)).Key;
            if (parent[name] is JsonObject { Count: > 0 } inner && random.Next(3) != 0)
            {
                node = inner;
                continue;
            }

            switch (random.Next(5))
            {
                case 0:
                    parent.Remove(name);
                    break;
                case 1:
                    parent[s_names[random.Next(s_names.Length)]] = Value(raw);
                    break;
                case 2 when parent[name] is JsonArray { Count: > 0 } list:
                    list[random.Next(list.Count)] = Value(raw);
                    break;
                default:
                    parent[name] = Value(raw);
                    break;
            }

            return;
        }
    }

    private JsonNode Value(List<string> raw)
    {
        raw.Add(s_values[random.Next(s_values.Length)]);
        return JsonValue.Create($"{Raw}{raw.Count - 1}");
    }
}
