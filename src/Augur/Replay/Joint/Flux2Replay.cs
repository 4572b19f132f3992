using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models;
using Augur.Models.Flux2;
using Augur.Models.Joint;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays forwards of diffusers' Flux2Transformer2DModel with intermediates, also with tokens of pictures that are referred to. Sizes that tensors
/// cannot give are in <c>params</c> of config.json.
/// </summary>
internal static class Flux2Replay
{
    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) =>
        config.TryGetProperty("params", out var sizes) && sizes.TryGetProperty("timestep_guidance_channels", out _);

    /// <summary>Replays one run.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, "weights.safetensors"));
        var sizes = config.GetProperty("params");
        using var model = Flux2Layouts.Load(checkpoint, backend, inferred => inferred with
        {
            PositionAxes = JointForward.Axes(sizes),
            Theta = sizes.GetProperty("rope_theta").GetDouble(),
            TextBucket = 1,
        });
        var compare = new Comparison(Comparison.ForwardTolerance);
        CompareForward(model, saved, compare);
        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    private static void CompareForward(Flux2Model model, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        compare.Used("x", "txt", "t", "guidance");
        var grids = Grids(saved);
        var (texts, x) = (JointForward.Texts(saved, "txt"), saved.Tensor("x", model.Backend));
        var (rows, drawn, all, words) = (x.Shape[0], (int)grids[0].ElementCount, x.Shape[1], saved.Shape("txt")[1]);
        ComparePlaces(grids, words, saved, compare);
        Condition[] conditions = [.. texts.Select((text, row) => grids.Length == 1 ? (Condition)text : new EditCondition(
            text, [.. JointForward.References(saved, "x", row, drawn, grids[1..], 1, model.Backend)]))];
        float?[] guidance = [.. saved.Singles("guidance").Select(g => (float?)g)];
        float[] times = Array.ConvertAll(saved.Singles("t"), t => 1000 * t);
        var vector = model.VectorOf(times, guidance, ComputeEverything.Instance);
        CompareModulation(model, vector, saved, compare);
        Tensor? behind = null; // the stream behind the last block
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
        {
            var isSingle = name.StartsWith("single_transformer_blocks", StringComparison.Ordinal);
            if (isSingle)
            {
                behind?.Dispose();
                behind = tensor.Copy().Retain();
            }

            if (saved.Has(name))
            {
                // The saved tensors have the text's tokens first.
                var theirs = isSingle ? Tensor.Concatenate([tensor.Slice(1, all, words), tensor.Slice(1, 0, all)], 1) : tensor;
                compare.Tensor(name, theirs.ToArray(), saved.Singles(name));
            }
        });
        var latents = JointStream.Unpack(x.Slice(1, 0, drawn), [rows, x.Shape[2], grids[0][0], grids[0][1]], 1);
        var output = JointForward.Predict(model, latents, times, conditions, guidance, door, (_, encoded) =>
            ComparePositions(model.Rotation(grids[0], [.. encoded.Cast<JointCondition>()], words), words, saved, compare));
        var packed = JointStream.Pack(output, 1);
        using var last = behind;

        // The network answers for what is drawn; the saved answer goes on with the pictures that are referred to.
        var finished = grids.Length == 1 ? packed : Tensor.Concatenate(
            [packed, model.Finish(last!.Slice(1, drawn, all - drawn), vector, ComputeEverything.Instance)], 1);
        compare.Tensor("out", finished.ToArray(), saved.Singles("out"));
    }

    private static void CompareModulation(Flux2Model model, ConditionVector vector, FixtureFile saved, Comparison compare)
    {
        var shared = model.Modulate(vector);
        foreach (var (name, parts) in new[]
        {
            ("double_stream_modulation_img", shared.Image), ("double_stream_modulation_txt", shared.Text),
            ("single_stream_modulation", [shared.Single]),
        })
        {
            if (saved.Has(name))
            {
                var whole = Tensor.Concatenate([.. parts.SelectMany(m => new[] { m.Shift, m.Scale, m.Gate })], 1);
                compare.Tensor(name, whole.ToArray(), saved.Singles(name));
            }
        }
    }

    private static void ComparePlaces(Shape[] grids, int words, FixtureFile saved, Comparison compare)
    {
        var (ours, images) = (Flux2Model.Places(grids[0], grids[1..], words), 4 * grids.Sum(g => (int)g.ElementCount));
        compare.Exact("img_ids", [.. ours[..images].Select(p => (long)p)], saved.Integers("img_ids"));
        compare.Exact("txt_ids", [.. ours[images..].Select(p => (long)p)], saved.Integers("txt_ids"));
    }

    // Saved for every channel, so each pair twice; the text's tokens first.
    private static void ComparePositions(JointRotation rotation, int words, FixtureFile saved, Comparison compare)
    {
        foreach (var (name, table) in new[] { ("rope.cos", rotation.Cosines), ("rope.sin", rotation.Sines) })
        {
            if (saved.Has(name))
            {
                var images = table.Shape[0] - words;
                var theirs = Tensor.Concatenate([table.Slice(0, images, words), table.Slice(0, 0, images)], 0).ToArray();
                compare.Tensor(name, [.. theirs.SelectMany(v => new[] { v, v })], saved.Singles(name));
            }
        }
    }

    // Sizes of the pictures in tokens: their places begin with a number of their own.
    private static Shape[] Grids(FixtureFile saved) => [.. saved.Integers("img_ids").Chunk(4).GroupBy(p => p[0])
        .Select(picture => new Shape((int)picture.Max(p => p[1]) + 1, (int)picture.Max(p => p[2]) + 1))];
}
