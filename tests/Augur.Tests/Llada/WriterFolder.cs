using System.Globalization;
using System.Text.Json.Nodes;
using Augur.Tensors;
using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Llada;

/// <summary>A model folder as Hugging Face has it, of a tiny model of random weights that knows letters; a test may change it.</summary>
internal sealed class WriterFolder : IDisposable
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,!?'-:Ċ";
    private readonly TemporaryFolder _folder = new();
    private readonly string _name;

    public WriterFolder(string name = "llada")
    {
        _name = name;
        System.IO.File.Copy(Fixtures.Path($"{name}/weights.safetensors"), File("model.safetensors"));
        var fixture = JsonNode.Parse(System.IO.File.ReadAllText(Fixtures.Path($"{name}/config.json")))!;
        var config = fixture[name == "llada" ? "cfg" : "params"]!.DeepClone().AsObject();
        config["model_type"] = name == "llada" ? "llada" : "Dream";
        Put("config.json", config);
        Put("tokenizer_config.json", new JsonObject { ["eos_token"] = "<|endoftext|>", ["chat_template"] = "... '<|user|>' + content ..." });
        var vocabulary = new JsonObject { ["Ġ"] = 0 };
        foreach (var (i, letter) in Letters.Index())
        {
            vocabulary[letter.ToString()] = i + 1;
        }

        Put("tokenizer.json", new JsonObject
        {
            ["added_tokens"] = new JsonArray(
                new JsonObject { ["id"] = 61, ["content"] = "<|user|>" },
                new JsonObject { ["id"] = 62, ["content"] = "<|endoftext|>" },
                new JsonObject { ["id"] = 63, ["content"] = "<|mask|>" }),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = true },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        });
    }

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    public void Put(string name, JsonNode content) => System.IO.File.WriteAllText(File(name), content.ToJsonString());

    public JsonObject Config() => JsonNode.Parse(System.IO.File.ReadAllText(File("config.json")))!.AsObject();

    /// <summary>The same weights in two shards with an index.</summary>
    public void Shard()
    {
        using (var whole = Checkpoint.Open(Fixtures.Path($"{_name}/weights.safetensors"), ""))
        {
            var writers = new[] { new SafetensorsWriter(), new SafetensorsWriter() };
            var map = new JsonObject();
            foreach (var (i, tensor) in whole.Tensors.Values.Index())
            {
                writers[i % 2].Add(tensor.Name, tensor.ToSingles(), tensor.Shape);
                map[tensor.Name] = $"model-0000{(i % 2) + 1}-of-00002.safetensors";
            }

            writers[0].Save(File("model-00001-of-00002.safetensors"));
            writers[1].Save(File("model-00002-of-00002.safetensors"));
            Put("model.safetensors.index.json", new JsonObject { ["weight_map"] = map });
        }

        System.IO.File.Delete(File("model.safetensors"));
    }

    /// <summary>
    /// The same weights as llama.cpp has them, without a configuration; LLaDA's queries and keys with the pairs of heads side by side.
    /// </summary>
    public string Gguf()
    {
        var config = Config();
        int Number(string llada, string dream) => config[_name == "llada" ? llada : dream]!.GetValue<int>();
        int heads = Number("n_heads", "num_attention_heads"), keyHeads = Number("n_kv_heads", "num_key_value_heads");
        var writer = new GgufWriter();
        foreach (var (key, value) in new (string, object)[]
        {
            ("general.architecture", _name), ($"{_name}.attention.head_count", heads), ($"{_name}.attention.head_count_kv", keyHeads),
            ($"{_name}.embedding_length", Number("d_model", "hidden_size")), ($"{_name}.context_length", 64),
            ($"{_name}.rope.freq_base", config["rope_theta"]!.GetValue<double>()), ("tokenizer.ggml.mask_token_id", 63),
            ($"{_name}.attention.layer_norm_rms_epsilon", _name == "llada" ? 1e-5 : 1e-6),
        })
        {
            writer.Metadata[key] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }

        using var checkpoint = Checkpoint.Open(Fixtures.Path($"{_name}/weights.safetensors"));
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            var (name, values) = (NameInGguf(tensor.Name), tensor.ToSingles());
            var isTurned = _name == "llada"
                && (name.Contains("attn_q.", StringComparison.Ordinal) || name.Contains("attn_k.", StringComparison.Ordinal));
            values = isTurned ? PairsTogether(values, tensor.Shape, name.Contains("attn_k", StringComparison.Ordinal) ? keyHeads : heads) : values;
            writer.Add(name, StoredType.Float32, tensor.Shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        }

        writer.Save(File("model.gguf"));
        System.IO.File.Delete(File("model.safetensors"));
        System.IO.File.Delete(File("config.json"));
        return File("model.gguf");
    }

    public void Dispose() => _folder.Dispose();

    private static string NameInGguf(string name)
    {
        name = name["model.".Length..] is var inner && name.StartsWith("model.", StringComparison.Ordinal) ? inner : name;
        name = name.StartsWith("transformer.", StringComparison.Ordinal) ? name["transformer.".Length..] : name;
        (string From, string To)[] parts =
        [
            ("blocks.", "blk."), ("layers.", "blk."), ("wte.", "token_embd."), ("embed_tokens.", "token_embd."), ("ln_f.", "output_norm."),
            ("self_attn.", ""), ("mlp.", ""), ("q_proj", "attn_q"), ("k_proj", "attn_k"), ("v_proj", "attn_v"), ("attn_out", "attn_output"),
            ("o_proj", "attn_output"), ("ff_proj", "ffn_gate"), ("gate_proj", "ffn_gate"), ("up_proj", "ffn_up"), ("down_proj", "ffn_down"),
            ("input_layernorm", "attn_norm"), ("post_attention_layernorm", "ffn_norm"), ("ff_norm", "ffn_norm"), ("lm_head", "output"),
        ];
        name = name.StartsWith("ff_out", StringComparison.Ordinal) ? name.Replace("ff_out", "output", StringComparison.Ordinal)
            : name.Replace("ff_out", "ffn_down", StringComparison.Ordinal);
        name = name.StartsWith("norm.", StringComparison.Ordinal) ? $"output_{name}" : name;
        return parts.Aggregate(name, (n, part) => n.Replace(part.From, part.To, StringComparison.Ordinal));
    }

    private static float[] PairsTogether(float[] values, Shape shape, int heads)
    {
        var (columns, half) = (shape.Rank == 2 ? shape[1] : 1, shape[0] / heads / 2);
        var turned = new float[values.Length];
        for (var row = 0; row < shape[0]; row++)
        {
            var (head, within) = Math.DivRem(row, 2 * half);
            var to = (head * 2 * half) + (2 * (within % half)) + (within / half);
            values.AsSpan(row * columns, columns).CopyTo(turned.AsSpan(to * columns));
        }

        return turned;
    }
}
