using System.Globalization;
using System.Text;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Catalogs.Lora;
using Augur.Conditioning.Text;
using Augur.Models.Flux;
using Augur.Models.UNet;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays a folder of LoRA files: lora.json names weights, inputs, scales, what each file changes and which keys it leaves; FAMILY_expected holds
/// outputs and merged weights. A run is a file of a family, two files together (<c>FAMILY_two</c>), or the unchanged model (<c>FAMILY_expected</c>).
/// </summary>
internal static class LoraReplay
{
    private const string Description = "lora.json", Expected = "expected", Two = "two", Base = "base";
    private const double MergedTolerance = 1e-6;

    // Files that make the same change, or have expectations of another name than their own.
    private static readonly Dictionary<string, string> s_groups = new()
    {
        ["flux_kohya"] = "one",
        ["flux_bfl"] = "one",
        ["flux_diffusers"] = "one",
        ["flux_split"] = "split",
        ["flux_two"] = Two,
        ["flux_metadata_alpha"] = "metadata_alpha",
        ["flux_expected"] = Base,
        ["sd_expected"] = Base,
        ["sd_two"] = Two,
        ["sd_dora"] = "dora",
        ["sd_kohya"] = "kohya",
        ["sd_original_names"] = "kohya",
        ["sd_diffusion_model"] = "kohya",
        ["sd_peft"] = "peft",
        ["sd_diffusers_old"] = "old",
    };

    /// <summary>Whether a folder is one.</summary>
    public static bool Is(string folder) => File.Exists(Path.Combine(folder, Description));

    /// <summary>Its files, and for each family the two that are applied together.</summary>
    public static IEnumerable<string> Runs(string folder) => ReplayKinds.SavedRuns(folder)
        .SelectMany(run => run.EndsWith(Expected, StringComparison.Ordinal) ? [run, $"{run[..^Expected.Length]}{Two}"] : new[] { run });

    /// <summary>Replays one.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var json = ReplayRunner.Parse(Path.Combine(folder, Description));
        var family = run[..run.IndexOf('_', StringComparison.Ordinal)];
        using var saved = new FixtureFile(Path.Combine(folder, $"{family}_{Expected}.safetensors"));
        var compare = new Comparison(Comparison.ForwardTolerance);
        var clipInputs = json.RootElement.EnumerateObject() // which families share
            .Where(entry => entry.Value.ValueKind == JsonValueKind.Object && entry.Value.TryGetProperty("clip_inputs", out _))
            .Select(entry => entry.Value.GetProperty("clip_inputs").GetString()!).First();
        var model = new Model(folder, family, json.RootElement.GetProperty(family), Path.Combine(folder, clipInputs), backend);
        var group = s_groups.GetValueOrDefault(run) ?? throw new NotSupportedException($"nothing is known of {run}");
        if (group == "dora")
        {
            CompareDora(model, run, saved, compare);
        }
        else if (group == "metadata_alpha")
        {
            // A reader that does not look at the header takes alpha for the rank: the same change at another scale.
            var (scale, factor) = (model.Json.GetProperty("scale_one").GetSingle(), model.Json.GetProperty("metadata_alpha_scale").GetSingle());
            model.Compare([(run, scale)], "metadata_alpha", saved, compare);
            model.Compare([(run, scale / factor)], "metadata_ignored", saved, compare);
        }
        else
        {
            model.Compare(Scaled(model.Json, run, group), group, saved, compare);
        }

        // What is of no file's group would otherwise never be compared; CLIP's states are where a file changes CLIP.
        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names.Where(name => Prefix(name) is var own && (own == group
            || (group == Base && own is not ("clip" or "metadata_ignored") && !s_groups.ContainsValue(own)))));
    }

    private static string Prefix(string name) => name[..name.IndexOf('.', StringComparison.Ordinal)];

    private static (string File, float Scale)[] Scaled(JsonElement json, string run, string group) => group switch
    {
        Base => [],
        Two => [.. json.GetProperty(Two).EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetSingle()))],
        "one" => [(run, json.GetProperty("scale_one").GetSingle())],
        "split" => [(run, json.GetProperty("scale_split").GetSingle())],
        _ => [(run, json.GetProperty("scale").GetSingle())],
    };

    private static void CompareDora(Model model, string run, FixtureFile saved, Comparison compare)
    {
        foreach (var ofScale in saved.Names.Where(name => Prefix(name) == "dora").GroupBy(name => string.Join('.', name.Split('.')[1..4])))
        {
            var parts = ofScale.Key.Split(".scale");
            var norm = parts[0] == "comfy" ? DoraNorm.Unchanged : DoraNorm.Changed;
            var changes = model.Changes([(run, float.Parse(parts[1], CultureInfo.InvariantCulture))], compare, norm)[0];
            using var weights = model.Network.Part.Open().With(changes);
            foreach (var name in ofScale)
            {
                var tensor = weights.Tensors[name[$"dora.{ofScale.Key}.".Length..]];
                compare.Tensor(name, tensor.ToSingles(), saved.Singles(name), limit: MergedTolerance);
            }
        }
    }

    /// <summary>The unchanged model of a family.</summary>
    private sealed class Model
    {
        private const string Clip = "clip:";
        private readonly string _folder, _family, _inputs, _clipInputs;
        private readonly IBackend _backend;
        private readonly LoraTarget _clip;

        public Model(string folder, string family, JsonElement json, string clipInputs, IBackend backend)
        {
            (_folder, _family, Json, _backend) = (folder, family, json, backend);
            (_inputs, _clipInputs) = (At("inputs"), Path.GetFullPath(clipInputs));
            var clip = new TextPart(new ModelPart(At("clip_base")), TextEncoderKind.Clip, Width: 0);
            _clip = LoraTarget.Text(clip, ClipTextLayouts.Traces, index: 0, ofKind: 0);
            Network = LoraTarget.Network(
                new ModelPart(At("base")), family == "flux" ? FluxLayouts.Traces : weights => UNetLayouts.Traces(weights, UNetSizes()));
        }

        public JsonElement Json { get; }

        public LoraTarget Network { get; }

        /// <summary>Changes of the network and of CLIP; which keys are left is compared with what lora.json says.</summary>
        public IReadOnlyList<WeightChange>[] Changes(
            IReadOnlyList<(string File, float Scale)> loras, Comparison compare, DoraNorm norm = DoraNorm.Changed)
        {
            using var fit = new LoraFit([Network, _clip]);
            foreach (var (name, scale) in loras)
            {
                using var file = LoraFile.Open(Path.Combine(_folder, $"{name}.safetensors"));
                var left = fit.Add(file, scale, norm);
                var unused = Json.GetProperty("unused").TryGetProperty(name, out var keys) ? Names(keys) : [];
                compare.Exact($"unused keys of {name} ({string.Join(", ", left)})", [left.SequenceEqual(unused) ? 1 : 0], [1]);
            }

            return [fit.ChangesOf(0), fit.ChangesOf(1)];
        }

        /// <summary>Compares output, merged weights, and CLIP's states where the files change it.</summary>
        public void Compare(IReadOnlyList<(string File, float Scale)> loras, string group, FixtureFile saved, Comparison compare)
        {
            var changes = Changes(loras, compare);
            using var weights = Network.Part.Open().With(changes[0]);
            using var clip = _clip.Part.Open().With(changes[1]);
            CompareChanged(group, changes, compare);
            compare.Tensor($"{group}.out", Output(weights), saved.Singles($"{group}.out"));
            foreach (var name in saved.Names.Where(name => Prefix(name) == group && name.EndsWith(".weight", StringComparison.Ordinal)))
            {
                var tensor = name[(group.Length + 1)..];
                var merged = tensor.StartsWith("clip.", StringComparison.Ordinal) ? clip.Tensors[tensor["clip.".Length..]] : weights.Tensors[tensor];
                compare.Tensor(name, merged.ToSingles(), saved.Singles(name), limit: MergedTolerance);
            }

            // The text encoder's change is the same in every file of a family that has one.
            if (changes[1].Count > 0 && group != Two)
            {
                CompareClip(clip, _family == "flux" ? $"{group}.clip." : "clip.", saved, compare);
            }
        }

        private void CompareChanged(string group, IReadOnlyList<WeightChange>[] changes, Comparison compare)
        {
            string[] named = group switch
            {
                "one" or "split" => Names(Json.GetProperty("changed").GetProperty(group)),
                "kohya" => Names(Json.GetProperty("changed")),
                "peft" => [.. Names(Json.GetProperty("changed")).Except(Names(Json.GetProperty("not_in_peft")))],
                "old" => Names(Json.GetProperty("old_changed")),
                _ => [],
            };
            if (named.Length > 0)
            {
                var ours = changes[0].Select(change => change.Name).Concat(changes[1].Select(change => $"{Clip}{change.Name}")).ToHashSet();
                var theirs = named.Where(name => changes[1].Count > 0 || !name.StartsWith(Clip, StringComparison.Ordinal));
                compare.Exact($"changed tensors ({string.Join(", ", ours)})", [ours.SetEquals(theirs) ? 1 : 0], [1]);
            }
        }

        private static string[] Names(JsonElement list) => [.. list.EnumerateArray().Select(name => name.GetString()!)];

        private float[] Output(Checkpoint weights)
        {
            using var inputs = new FixtureFile(_inputs);
            using var config = ReplayRunner.Parse(Beside(_inputs));
            if (_family == "flux")
            {
                return FluxFolder.Output(weights, config.RootElement, inputs, "", _backend);
            }

            using var scope = TensorScope.Begin();
            using var model = UNetLayouts.Load(weights, _backend, _ => UNetSizes());
            var texts = UNetFolder.Texts(inputs, "encoder_hidden_states");
            return UNetFolder.Predict(model, inputs.Tensor("sample", _backend), inputs.Times("timestep"), texts);
        }

        private void CompareClip(Checkpoint weights, string prefix, FixtureFile saved, Comparison compare)
        {
            using var inputs = new FixtureFile(_clipInputs);
            using var config = ReplayRunner.Parse(Beside(_clipInputs));
            var sizes = Encoding.UTF8.GetBytes(config.RootElement.GetProperty("clip").GetRawText());
            using var scope = TensorScope.Begin();
            using var clip = ClipTextEncoder.Read(weights, _backend, ForeignJson.Parse(Beside(_clipInputs), sizes));
            var states = clip.Encode(TextEncoderReplay.Rows(inputs, "input_ids", new Comparison(0)));
            compare.Tensor($"{prefix}last_hidden_state", states.Hidden.ToArray(), saved.Singles($"{prefix}last_hidden_state"));
            foreach (var name in saved.Names.Where(name => name.StartsWith($"{prefix}text_model", StringComparison.Ordinal)))
            {
                compare.Tensor(name, weights.Tensors[name[prefix.Length..]].ToSingles(), saved.Singles(name), limit: MergedTolerance);
            }
        }

        private UNetConfig UNetSizes()
        {
            using var config = ReplayRunner.Parse(Beside(_inputs));
            return UNetFolder.Sizes(Path.GetDirectoryName(_inputs)!, config.RootElement.GetProperty("sd").GetProperty("cfg"));
        }

        private string At(string field) => Path.GetFullPath(Path.Combine(_folder, Json.GetProperty(field).GetString()!));

        private static string Beside(string file) => Path.Combine(Path.GetDirectoryName(file)!, "config.json");
    }
}
