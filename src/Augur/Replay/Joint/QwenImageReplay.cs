using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Joint;
using Augur.Models.QwenImage;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays folders made with diffusers' QwenImageTransformer2DModel: forwards of text, edit and layers, loops with true guidance, and TaylorSeer.
/// Sizes that tensors cannot give are in <c>params</c> of config.json.
/// </summary>
internal static class QwenImageReplay
{
    private const string Addition = "addition_t_embedding.weight";

    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) => config.TryGetProperty("params", out var sizes)
        && sizes.TryGetProperty("joint_attention_dim", out _) && sizes.TryGetProperty("axes_dims_rope", out _)
        && !sizes.TryGetProperty("num_single_layers", out _);

    /// <summary>Replays one run.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        var description = Path.Combine(folder, $"{run}.json");
        var compare = new Comparison(File.Exists(description) ? Comparison.TrajectoryTolerance : Comparison.ForwardTolerance);
        if (File.Exists(description))
        {
            using var json = ReplayRunner.Parse(description);
            using var model = Load(folder, config, saved, backend);
            QwenImageTrajectory.Run(model, json.RootElement, saved, compare);
        }
        else if (saved.Has("shapes"))
        {
            CompareEdit(folder, config, saved, backend, compare);
        }
        else
        {
            using var model = Load(folder, config, saved, backend);
            CompareForward(model, config, saved, compare);
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    // Texts are not filled up, as in the saved runs. The row of kinds is in the file of the run that uses it.
    private static QwenImageModel Load(
        string folder, JsonElement config, FixtureFile saved, IBackend backend, Func<QwenImageConfig, QwenImageConfig>? adjust = null)
    {
        using var scope = TensorScope.Begin();
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, "weights.safetensors"));
        return QwenImageLayouts.Load(
            checkpoint,
            backend,
            inferred =>
            {
                var sizes = inferred with { PositionAxes = JointForward.Axes(config.GetProperty("params")), TextBucket = 1 };
                return adjust?.Invoke(sizes) ?? sizes;
            },
            saved.Has(Addition) ? saved.Tensor(Addition, backend) : null);
    }

    private static void CompareForward(QwenImageModel model, JsonElement config, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        compare.Used("x", "txt", "t", "mask");
        var grid = config.GetProperty("grid").EnumerateArray().Select(n => n.GetInt32()).ToArray();
        var (x, words) = (saved.Tensor("x", model.Backend), saved.Shape("txt")[1]);
        var latents = JointStream.Unpack(x, [x.Shape[0], model.Config.LatentChannels, 2 * grid[0], 2 * grid[1]], QwenImageConfig.PatchSize);
        var times = Array.ConvertAll(saved.Singles("t"), t => 1000 * t);
        compare.Tensor("txt_norm", model.NormText(saved.Tensor("txt", model.Backend)).ToArray(), saved.Singles("txt_norm"));
        int[] counts = [.. saved.Integers("mask").Chunk(words).Select(row => (int)row.Sum())];
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
        {
            if (saved.Has(name))
            {
                // What a mask leaves out is not kept.
                var isText = name.EndsWith(".txt", StringComparison.Ordinal) || name == "txt_in";
                var (ours, theirs) = (tensor, saved.Tensor(name, model.Backend));
                compare.Tensor(name, isText ? Kept(ours, counts) : ours.ToArray(), isText ? Kept(theirs, counts) : theirs.ToArray());
            }
        });
        var masked = JointForward.Predict(model, latents, times, JointForward.Texts(saved, "txt", counts), [], door, (_, rows) =>
            ComparePositions(model.Rotation([grid[0], grid[1]], [.. rows.Cast<JointCondition>()], words), words, saved, compare));
        compare.Tensor("out", Packed(masked), saved.Singles("out"));
        var whole = JointForward.Predict(model, latents, times, JointForward.Texts(saved, "txt"), [], ComputeEverything.Instance);
        compare.Tensor("out_nomask", Packed(whole), saved.Singles("out_nomask"));
    }

    private static float[] Packed(Tensor latents) => JointStream.Pack(latents, QwenImageConfig.PatchSize).ToArray();

    private static float[] Kept(Tensor tokens, int[] counts) =>
        [.. counts.SelectMany((count, row) => tokens.Rows(row, 1).Slice(1, 0, count).ToArray())];

    // Several pictures in one sequence: the first is drawn and the others referred to; of a layered network all but the last are drawn.
    private static void CompareEdit(string folder, JsonElement config, FixtureFile saved, IBackend backend, Comparison compare)
    {
        compare.Used("shapes", "x", "txt", "t", "additional_t_cond", Addition);
        Shape[] grids = [.. saved.Integers("shapes").Chunk(3).Select(s => new Shape((int)s[1], (int)s[2]))];
        foreach (var (name, isStill) in new[] { ("out", false), ("out_zero_cond_t", true) }.Where(output => saved.Has(output.Item1)))
        {
            using var model = Load(folder, config, saved, backend, sizes => sizes with
            {
                HasStillReferences = isStill,
                LayerKind = saved.Has("additional_t_cond") ? (int)saved.Integers("additional_t_cond")[0] : 0,
            });
            compare.Tensor(name, PredictAll(model, grids, saved, compare), saved.Singles(name));
        }
    }

    // The network answers for what is drawn; the saved answer goes on with the pictures that are referred to.
    private static float[] PredictAll(QwenImageModel model, Shape[] grids, FixtureFile saved, Comparison compare)
    {
        const int Side = QwenImageConfig.PatchSize;
        using var scope = TensorScope.Begin();
        var (x, words) = (saved.Tensor("x", model.Backend), saved.Shape("txt")[1]);
        var layers = model.Config.HasLayers ? grids.Length - 1 : 1;
        int drawn = layers * (int)grids[0].ElementCount, all = x.Shape[1], channels = model.Config.LatentChannels;
        var (height, width) = (Side * grids[0][0], Side * grids[0][1]);
        Condition[] conditions = [.. JointForward.Texts(saved, "txt").Select((text, row) => new EditCondition(
            text, [.. JointForward.References(saved, "x", row, drawn, grids[layers..], Side, model.Backend)]))];
        var times = Array.ConvertAll(saved.Singles("t"), t => 1000 * t);
        Tensor? behind = null;
        var last = $"transformer_blocks.{model.Config.BlockCount - 1}.img";
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) => behind = name == last ? tensor.Copy().Retain() : behind);
        Shape latent = model.Config.HasLayers ? [x.Shape[0], channels, layers, height, width] : [x.Shape[0], channels, height, width];
        var output = JointForward.Predict(
            model, JointStream.Unpack(x.Slice(1, 0, drawn), latent, Side), times, conditions, [], door, (_, rows) =>
            {
                Shape grid = model.Config.HasLayers ? [layers, grids[0][0], grids[0][1]] : grids[0];
                ComparePositions(model.Rotation(grid, [.. rows.Cast<JointCondition>()], words), words, saved, compare);
            });
        using var features = behind!;
        var vector = model.VectorOf(times, ComputeEverything.Instance);
        return Tensor.Concatenate(
            [
                JointStream.Pack(output, Side),
                model.Finish(features.Slice(1, drawn, all - drawn), vector, ComputeEverything.Instance),
            ],
            1).ToArray();
    }

    private static void ComparePositions(JointRotation rotation, int words, FixtureFile saved, Comparison compare)
    {
        var pairs = rotation.Cosines.ToArray().Zip(rotation.Sines.ToArray(), (cosine, sine) => (float[])[cosine, sine]).SelectMany(p => p).ToArray();
        var text = words * 2 * rotation.Cosines.Shape[1];
        compare.Tensor("rope.img", pairs.AsSpan(0, pairs.Length - text), saved.Singles("rope.img"));
        compare.Tensor("rope.txt", pairs.AsSpan(pairs.Length - text), saved.Singles("rope.txt"));
    }
}
