using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models;
using Augur.Models.Flux;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays folders made with a FLUX transformer: a forward with intermediates, schedules, loops, and runs under caching methods. The network's sizes
/// are in <c>params</c> of config.json.
/// </summary>
internal static class FluxFolder
{
    private static readonly string[] s_standard = ["forward", "schedules"];

    /// <summary>Whether a configuration is that of such a folder, under the original code's names or diffusers'.</summary>
    public static bool Is(JsonElement config) => config.TryGetProperty("params", out var sizes)
        && (sizes.TryGetProperty("depth_single_blocks", out _) || sizes.TryGetProperty("num_single_layers", out _));

    /// <summary>Names of the runs of such a folder whose files exist.</summary>
    public static IEnumerable<string> Runs(string folder, JsonElement config)
    {
        var loops = config.TryGetProperty("loops", out var named) ? named.EnumerateObject().Select(loop => loop.Name) : [];
        var described = Directory.EnumerateFiles(folder, "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(name => name != "config")
            .Order(StringComparer.Ordinal);
        return s_standard.Concat(loops).Concat(described).Where(run => File.Exists(Path.Combine(folder, $"{run}.safetensors")));
    }

    /// <summary>Replays one run.</summary>
    /// <exception cref="NotSupportedException">The method is not supported.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        var compare = new Comparison(s_standard.Contains(run) ? Comparison.ForwardTolerance : Comparison.TrajectoryTolerance);
        if (run == "schedules")
        {
            CompareSchedules(saved, compare);
            return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
        }

        var path = Path.Combine(folder, $"{run}.json");
        using var description = File.Exists(path) ? ReplayRunner.Parse(path) : null;
        var json = description?.RootElement ?? (run == "forward" ? default : config.GetProperty("loops").GetProperty(run));
        var method = description is null || CgTaylorReplay.IsFlux(json) ? new ReplayedFluxMethod(NoCachePolicy.Instance)
            : ReplayedFluxMethod.Of(json, saved);
        using var model = LoadModel(Path.Combine(folder, "weights.safetensors"), config, backend);
        if (CgTaylorReplay.IsFlux(json))
        {
            CgTaylorReplay.RunFlux(model, json, saved, compare);
        }
        else if (run == "forward")
        {
            CompareForward(model, saved, compare);
        }
        else
        {
            var outcomes = FluxTrajectory.Run(model, json, saved, method.Policy, compare);
            method.Compare(json, outcomes, compare);
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    /// <summary>Replays a forward of diffusers' FluxTransformer2DModel, with the outputs of the first block.</summary>
    public static ReplayResult RunDiffusers(string folder, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, "flux_forward.safetensors"));
        using var model = LoadModel(Path.Combine(folder, "flux_weights.safetensors"), config, backend);
        using var scope = TensorScope.Begin();
        var compare = new Comparison(Comparison.ForwardTolerance);
        compare.Used("hidden_states", "encoder_hidden_states", "pooled_projections", "img_ids", "txt_ids", "timestep", "guidance");
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
        {
            var theirs = name.Replace("double_blocks.", "transformer_blocks.", StringComparison.Ordinal)
                .Replace(".img", ".hidden.out", StringComparison.Ordinal).Replace(".txt", ".encoder.out", StringComparison.Ordinal);
            if (saved.Has(theirs))
            {
                compare.Tensor(theirs, tensor.ToArray(), saved.Singles(theirs));
            }
        });
        var output = Predict(model, saved, "hidden_states", "encoder_hidden_states", "pooled_projections", "timestep", door);
        compare.Tensor("out", output, saved.Singles("out"));
        return compare.Finish($"{Path.GetFileName(folder)}/flux_forward", saved.Names);
    }

    /// <summary>Compares the output of one forward.</summary>
    /// <param name="weights">File of the transformer.</param>
    /// <param name="sizes">The sizes that shapes cannot tell: <c>axes_dim</c>, <c>theta</c>.</param>
    /// <param name="saved">The inputs <c>img</c>, <c>txt</c>, <c>vec</c>, <c>timesteps</c>, <c>guidance</c> and the output.</param>
    /// <param name="output">Name of the saved output.</param>
    /// <param name="compare">Receives the difference.</param>
    /// <param name="backend">Where to compute.</param>
    public static void CompareOutput(
        string weights, JsonElement sizes, FixtureFile saved, string output, Comparison compare, IBackend backend)
    {
        using var model = LoadModel(weights, sizes, backend);
        using var scope = TensorScope.Begin();
        compare.Used("img", "img_ids", "txt", "txt_ids", "vec", "timesteps", "guidance");
        compare.Tensor(output, Predict(model, saved, "img", "txt", "vec", "timesteps", ComputeEverything.Instance), saved.Singles(output));
    }

    /// <summary>The same of an open transformer, whose inputs are saved under names with a prefix.</summary>
    /// <param name="weights">The transformer.</param>
    /// <param name="sizes">As above.</param>
    /// <param name="saved">The inputs and the output.</param>
    /// <param name="prefix">With its dot.</param>
    /// <param name="output">Name of the saved output, without the prefix.</param>
    /// <param name="compare">Receives the difference.</param>
    /// <param name="backend">Where to compute.</param>
    public static void CompareOutput(
        Checkpoint weights, JsonElement sizes, FixtureFile saved, string prefix, string output, Comparison compare, IBackend backend) =>
        compare.Tensor(prefix + output, Output(weights, sizes, saved, prefix, backend), saved.Singles(prefix + output));

    /// <summary>The output of an open transformer for saved inputs.</summary>
    public static float[] Output(Checkpoint weights, JsonElement sizes, FixtureFile saved, string prefix, IBackend backend)
    {
        using var model = LoadModel(weights, sizes, backend);
        using var scope = TensorScope.Begin();
        return Predict(model, saved, $"{prefix}img", $"{prefix}txt", $"{prefix}vec", $"{prefix}timesteps", ComputeEverything.Instance, prefix);
    }

    /// <summary>The text embeddings of a saved batch, one per row.</summary>
    public static PromptEmbedding[] Texts(FixtureFile saved, string tokens, string pooled)
    {
        var (shape, values) = (saved.Shape(tokens), saved.Singles(tokens));
        var (size, vectors) = (saved.Shape(pooled)[1], saved.Singles(pooled));
        return [.. Enumerable.Range(0, shape[0]).Select(row =>
            new PromptEmbedding([.. FixtureFile.Entry(values, shape, row)], shape[2], [.. vectors.AsSpan(row * size, size)]))];
    }

    // Sizes come from the tensors' shapes, and those that shapes cannot give from the configuration. Texts are not padded, as in the saved runs.
    internal static FluxModel LoadModel(string path, JsonElement config, IBackend backend)
    {
        using var checkpoint = Checkpoint.Open(path);
        return LoadModel(checkpoint, config, backend);
    }

    private static FluxModel LoadModel(Checkpoint checkpoint, JsonElement config, IBackend backend)
    {
        var sizes = config.TryGetProperty("params", out var named) ? named : config;
        var axesName = sizes.TryGetProperty("axes_dim", out _) ? "axes_dim" : "axes_dims_rope";
        var axes = sizes.GetProperty(axesName).EnumerateArray().Select(a => a.GetInt32()).ToArray();
        return FluxLayouts.Load(checkpoint, backend, inferred => inferred with
        {
            PositionAxes = new Shape(axes),
            Theta = sizes.TryGetProperty("theta", out var theta) ? theta.GetDouble() : 10000,
            TextBucket = 1,
        });
    }

    private static void CompareForward(FluxModel model, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        compare.Used("img_ids", "txt", "txt_ids", "vec", "timesteps", "guidance");
        var (images, texts) = (saved.Shape("img")[1], saved.Shape("txt")[1]);
        compare.Tensor("img", FluxModel.Pack(saved.Tensor("latent", model.Backend)).ToArray(), saved.Singles("img"));
        compare.Used("latent");
        ComparePositions(model, saved, compare);
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
        {
            if (saved.Has(name))
            {
                // The saved tensors have the text's tokens first.
                var theirs = !name.StartsWith("single_blocks", StringComparison.Ordinal) ? tensor
                    : Tensor.Concatenate([tensor.Slice(1, images, texts), tensor.Slice(1, 0, images)], 1);
                compare.Tensor(name, theirs.ToArray(), saved.Singles(name));
            }
        });
        compare.Tensor("out", Predict(model, saved, "img", "txt", "vec", "timesteps", door), saved.Singles("out"));
    }

    private static float[] Predict(
        FluxModel model, FixtureFile saved, string image, string text, string pooled, string time, IFeatureDoor door, string prefix = "")
    {
        var grid = Grid(saved, prefix);
        var rows = model.Encode(Texts(saved, text, pooled));
        try
        {
            var latents = model.Unpack(saved.Tensor(image, model.Backend), grid);
            var map = model.Describe([latents.Shape[1], latents.Shape[2], latents.Shape[3]], rows);
            var input = new NetworkInput(map, latents, Array.ConvertAll(saved.Times(time), t => 1000 * t), rows)
            {
                Guidance = [.. saved.Singles($"{prefix}guidance").Select(g => (float?)g)],
            };
            return FluxModel.Pack(model.Predict(input, door)).ToArray();
        }
        finally
        {
            foreach (var row in rows)
            {
                row.Dispose();
            }
        }
    }

    // Saved as matrices [cos, −sin; sin, cos] of every token, the text's first.
    private static void ComparePositions(FluxModel model, FixtureFile saved, Comparison compare)
    {
        var text = saved.Shape("txt")[1];
        var rotation = FluxEmbeddings.Rotation(model.Backend, model.Config, Grid(saved), text);
        var (tokens, half) = (rotation.Cosines.Shape[0], rotation.Cosines.Shape[1]);
        var (cosines, sines) = (rotation.Cosines.ToArray(), rotation.Sines.ToArray());
        var one = Enumerable.Range(0, tokens).Select(t => (t + tokens - text) % tokens)
            .SelectMany(t => Enumerable.Range(t * half, half).SelectMany(i => (float[])[cosines[i], -sines[i], sines[i], cosines[i]])).ToArray();
        compare.Tensor("pe", [.. Enumerable.Range(0, saved.Shape("pe")[0]).SelectMany(_ => one)], saved.Singles("pe"));
    }

    /// <summary>Size of the picture in tokens, [rows, columns]: the largest position plus one.</summary>
    public static Shape Grid(FixtureFile saved, string prefix = "")
    {
        var places = saved.Singles($"{prefix}img_ids").Chunk(3).ToArray();
        return [(int)places.Max(p => p[1]) + 1, (int)places.Max(p => p[2]) + 1];
    }

    private static void CompareSchedules(FixtureFile saved, Comparison compare)
    {
        foreach (var name in saved.Names)
        {
            var parts = name.Split('_'); // steps8_len24_shift1
            var (steps, tokens, shifts) = (int.Parse(parts[0]["steps".Length..]), int.Parse(parts[1]["len".Length..]), parts[2] == "shift1");
            var sigmas = new FlowOptions { Dynamic = shifts }.Sigmas([1, tokens, 1], steps);
            compare.Tensor(name, Array.ConvertAll(sigmas, s => (float)s), Array.ConvertAll(saved.Doubles(name), s => (float)s));
        }
    }
}
