using System.Text;
using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models;
using Augur.Models.Llada;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays masked diffusion language models: forwards of LLaDA (and one with grouped heads) and Dream, their samplers, dLLM-Cache on both, and
/// Fast-dLLM's parallel decoding and block caches on LLaDA.
/// </summary>
internal static class LladaFolder
{
    /// <summary>Whether a folder is of this kind.</summary>
    public static bool Is(JsonElement config) => config.TryGetProperty("mask_token_id", out _) || HasMask(config, "cfg") || HasMask(config, "params");

    /// <summary>Replays one run.</summary>
    /// <exception cref="NotSupportedException">The run is of another kind.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var model = Load(folder, run, config, backend);
        var compare = new Comparison(Comparison.ForwardTolerance); // of runs too: what flows on is whole numbers, so that nothing adds up
        if (run.EndsWith("forward", StringComparison.Ordinal))
        {
            CompareForward(model, saved, compare);
        }
        else
        {
            using var description = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json"));
            LladaTrajectory.Of(description.RootElement, saved).Compare(model, saved, compare);
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    private static bool HasMask(JsonElement config, string name) =>
        config.TryGetProperty(name, out var sizes) && sizes.ValueKind == JsonValueKind.Object && sizes.TryGetProperty("mask_token_id", out _);

    private static LladaModel Load(string folder, string run, JsonElement config, IBackend backend)
    {
        if (config.TryGetProperty("weights", out var elsewhere))
        {
            folder = Path.GetDirectoryName(Path.GetFullPath(Path.Combine(folder, elsewhere.GetString()!)))!;
            using var other = ReplayRunner.Parse(Path.Combine(folder, "config.json"));
            return Load(folder, run, other.RootElement, backend);
        }

        var isGrouped = run.StartsWith("gqa", StringComparison.Ordinal);
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, isGrouped ? "gqa_weights.safetensors" : "weights.safetensors"));
        var sizes = config.TryGetProperty("params", out var dream) ? dream : config.GetProperty("cfg");
        var json = ForeignJson.Parse(Path.Combine(folder, "config.json"), Encoding.UTF8.GetBytes(sizes.GetRawText()));
        return LladaLayouts.Read(checkpoint, backend, json);
    }

    private static void CompareForward(LladaModel model, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        var ids = saved.Shape("input_ids");
        compare.Used("input_ids");
        var conditions = model.Encode([.. Enumerable.Repeat(new TokenPrompt([]), ids[0])]);
        var latents = Tensor.From(model.Backend, Array.ConvertAll(saved.Integers("input_ids"), id => (float)id), ids);
        var prefix = saved.Has("blocks.0.out") ? "blocks" : "layers";
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
        {
            if (name == "norm.out")
            {
                compare.Tensor("logits", model.Head(tensor).ToArray(), saved.Singles("logits"));
                return;
            }

            var theirs = $"{prefix}{name["layers".Length..]}";
            compare.Tensor(theirs, tensor.ToArray(), saved.Singles(theirs));
        });
        var input = new NetworkInput(model.Describe([ids[1]], conditions), latents, new float[ids[0]], conditions);
        var answer = model.Predict(input, door).ToArray();
        if (!model.Config.IsShifted)
        {
            compare.Tensor("logits", answer, saved.Singles("logits"));
        }
    }
}
