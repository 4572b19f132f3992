using System.Text;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Lora;

/// <summary>
/// Alpha where it is not among a file's tensors: in the header that diffusers writes (<c>lora_adapter_metadata</c>), or in PEFT's adapter_config.json.
/// </summary>
internal sealed class LoraScaling
{
    private const string HeaderEntry = "lora_adapter_metadata", ConfigFile = "adapter_config.json", PeftPrefix = "base_model.model.";
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>What a file says.</summary>
    /// <exception cref="WeightFileException">It is not readable, or no number where one is needed.</exception>
    public static LoraScaling Of(Checkpoint file)
    {
        var scaling = new LoraScaling();
        if (file.Metadata.TryGetValue(HeaderEntry, out var header))
        {
            scaling.AddHeader(ForeignJson.Parse($"{file.Path} ({HeaderEntry})", Encoding.UTF8.GetBytes(header)));
        }

        var config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, ConfigFile);
        if (file.Tensors.Keys.All(name => name.StartsWith(PeftPrefix, StringComparison.Ordinal)) && File.Exists(config))
        {
            scaling._entries[PeftPrefix] = new Entry(ForeignJson.Read(config), "");
        }

        return scaling;
    }

    /// <summary>What a module's product counts, from its alpha and rank; 1 where none is given.</summary>
    /// <param name="module">Whose.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="WeightFileException">Alpha is not one finite number.</exception>
    public float FactorOf(LoraModule module, string file)
    {
        var entry = _entries.FirstOrDefault(e => module.Name.StartsWith(e.Key, StringComparison.Ordinal));
        var given = module.Alpha is { } tensor ? Number(tensor, file) : entry.Value?.AlphaOf(module.Name[entry.Key.Length..]);
        var divisor = module.Alpha is null && entry.Value?.IsRankStabilised == true ? Math.Sqrt(module.Rank) : module.Rank;
        var factor = given is { } alpha ? (float)(alpha / divisor) : 1;
        return float.IsFinite(factor) ? factor
            : throw new WeightFileException($"{file}: alpha of {WeightFileException.Quote(module.Name)} is no finite number.");
    }

    private static double Number(StoredTensor alpha, string file) => alpha.Shape.ElementCount == 1 ? alpha.ToDoubles()[0]
        : throw new WeightFileException($"{file}: {WeightFileException.Quote(alpha.Name)} has shape {alpha.Shape}, but alpha is one number.");

    // "transformer.lora_alpha", "text_encoder.lora_alpha": one set for each part of the pipeline.
    private void AddHeader(ForeignJson header)
    {
        foreach (var (name, _) in header.Fields())
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot > 0)
            {
                _entries.TryAdd(name[..(dot + 1)], new Entry(header, name[..(dot + 1)]));
            }
        }
    }

    private sealed class Entry(ForeignJson json, string prefix)
    {
        public bool IsRankStabilised => json.Find($"{prefix}use_rslora")?.AsFlag() ?? false;

        public double? AlphaOf(string module)
        {
            foreach (var (pattern, alpha) in json.Find($"{prefix}alpha_pattern")?.Fields() ?? [])
            {
                var name = pattern.TrimStart('^');
                if (module == name || module.EndsWith($".{name}", StringComparison.Ordinal))
                {
                    return alpha.AsNumber();
                }
            }

            return json.Find($"{prefix}lora_alpha")?.AsNumber();
        }
    }
}
