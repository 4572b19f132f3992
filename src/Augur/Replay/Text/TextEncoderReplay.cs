using System.Text;
using System.Text.Json;
using Augur.Conditioning.Text;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays forwards of CLIP text encoders and of T5: NAME_forward with NAME_weights, where NAME is <c>clip</c>, <c>clip_l</c>, <c>bigg</c> or
/// <c>t5</c>, and its sizes are an entry of config.json.
/// </summary>
internal static class TextEncoderReplay
{
    private static readonly string[] s_encoders = ["clip", "clip_l", "bigg", "t5"];

    /// <summary>Whether a folder has such runs.</summary>
    public static bool Is(string folder, JsonElement config) => s_encoders.Any(
        name => config.TryGetProperty(name, out _) && File.Exists(Path.Combine(folder, $"{name}_weights.safetensors")));

    /// <summary>Replays one run.</summary>
    /// <exception cref="NotSupportedException">The run is of no such encoder.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        const string Suffix = "_forward";
        var name = run.EndsWith(Suffix, StringComparison.Ordinal) ? run[..^Suffix.Length] : "";
        if (!config.TryGetProperty(name, out var sizes))
        {
            throw new NotSupportedException($"the run {run} is of no encoder that config.json describes");
        }

        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, $"{name}_weights.safetensors"));
        var compare = new Comparison(Comparison.ForwardTolerance);
        var json = ForeignJson.Parse(Path.Combine(folder, "config.json"), Encoding.UTF8.GetBytes(sizes.GetRawText()));
        using var scope = TensorScope.Begin();
        if (name == "t5")
        {
            CompareT5(checkpoint, json, saved, compare, backend);
        }
        else if (name == "bigg")
        {
            CompareOpenClip(checkpoint, json.Require("heads").AsInteger(), saved, compare, backend);
        }
        else
        {
            CompareClip(checkpoint, json, saved, compare, backend);
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    /// <summary>Saved token numbers, row by row.</summary>
    public static int[][] Rows(FixtureFile saved, string name, Comparison compare)
    {
        compare.Used(name);
        var (ids, length) = (saved.Integers(name), saved.Shape(name)[1]);
        return [.. ids.Chunk(length).Select(row => Array.ConvertAll(row, id => checked((int)id)))];
    }

    /// <summary>Compares the buckets of saved distances.</summary>
    public static void CompareBuckets(FixtureFile saved, Comparison compare, int buckets, int maxDistance)
    {
        compare.Used("bucket.relative_position");
        long[] ours = [.. saved.Integers("bucket.relative_position").Select(d => (long)RelativePositions.Bucket((int)d, buckets, maxDistance))];
        compare.Exact("bucket.value", ours, saved.Integers("bucket.value"));
    }

    private static void CompareT5(Checkpoint checkpoint, ForeignJson json, FixtureFile saved, Comparison compare, IBackend backend)
    {
        using var encoder = T5Encoder.Read(checkpoint, backend, json);
        CompareBuckets(saved, compare, encoder.Config.Buckets, encoder.Config.MaxDistance);
        var output = encoder.Encode(Rows(saved, "input_ids", compare), (name, tensor) =>
        {
            var savedName = name == "0.position_bias" ? "position_bias" : $"block.{name}";
            if (saved.Has(savedName))
            {
                compare.Tensor(savedName, tensor.ToArray(), saved.Singles(savedName));
            }
        });
        compare.Tensor("last_hidden_state", output.ToArray(), saved.Singles("last_hidden_state"));
    }

    private static void CompareClip(Checkpoint checkpoint, ForeignJson json, FixtureFile saved, Comparison compare, IBackend backend)
    {
        using var encoder = ClipTextEncoder.Read(checkpoint, backend, json);
        var rows = Rows(saved, "input_ids", compare);
        var states = encoder.Encode(rows, 0, normalises: true, (layer, x) => Compare($"layers.{layer}.out", x));
        Compare("last_hidden_state", states.Hidden);
        Compare("pooled", states.Pooled);
        Compare("pooled_projected", states.Projected);
        Compare("penultimate_no_final_norm", encoder.Encode(rows, 1, normalises: false).Hidden);
        Compare("penultimate_final_norm", encoder.Encode(rows, 1).Hidden);
        Compare("clip_skip3_final_norm", encoder.Encode(rows, 2).Hidden);

        void Compare(string name, Tensor? tensor)
        {
            if (saved.Has(name))
            {
                compare.Tensor(name, tensor is null ? [] : tensor.ToArray(), saved.Singles(name));
            }
        }
    }

    private static void CompareOpenClip(Checkpoint checkpoint, int heads, FixtureFile saved, Comparison compare, IBackend backend)
    {
        using var encoder = ClipTextEncoder.Read(checkpoint, backend, sizes => sizes with { Heads = heads }, prefix: "");
        var rows = Rows(saved, "input_ids", compare);
        var last = encoder.Encode(rows, 0, normalises: true, (layer, x) => Compare($"resblocks.{layer}.out", x));
        Compare("ln_final_last", last.Hidden);
        Compare("pooled", last.Projected!);
        Compare("open_clip.pooled", last.Projected!);
        Compare("last_no_final_norm", encoder.Encode(rows, 0, normalises: false).Hidden);
        Compare("penultimate", encoder.Encode(rows, 1, normalises: false).Hidden);
        Compare("penultimate_final_norm_sd2", encoder.Encode(rows, 1).Hidden);

        void Compare(string name, Tensor tensor) => compare.Tensor(name, tensor.ToArray(), saved.Singles(name));
    }
}
