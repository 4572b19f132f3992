using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models;
using Augur.Models.ZImage;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays forwards of diffusers' ZImageTransformer2DModel: pictures and texts of equal or of different sizes in one batch, with what every block
/// gave. Sizes that tensors cannot give are in <c>params</c> of config.json.
/// </summary>
internal static class ZImageReplay
{
    private const double BlockTolerance = 2e-5; // as the folder's README has it; outputs have the usual one
    private const string Embedder = "all_x_embedder.2-1";
    private const string Final = "all_final_layer.2-1";

    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) =>
        config.TryGetProperty("params", out var sizes) && sizes.TryGetProperty("n_refiner_layers", out _);

    /// <summary>Replays one run.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, "weights.safetensors"));
        var axes = config.GetProperty("params").GetProperty("axes_dims").EnumerateArray().Select(a => a.GetInt32()).ToArray();
        using var model = ZImageLayouts.Load(checkpoint, backend, inferred => inferred with { PositionAxes = new Shape(axes), TextBucket = 32 });
        var compare = new Comparison(Comparison.ForwardTolerance);
        var rows = saved.Shape("t")[0];
        var shown = Enumerable.Range(0, rows).Select(row => Predict(model, saved, row, compare)).ToArray();
        CompareBlocks(shown, saved, compare);
        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    // Sizes differ, so rows are calls of their own; that a batch equals them is a contract of the network.
    private static Dictionary<string, (float[] Values, int Tokens)> Predict(ZImageModel model, FixtureFile saved, int row, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        compare.Used("t", $"x.{row}", $"cap.{row}");
        var shown = new Dictionary<string, (float[], int)>();
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
            shown[name] = (tensor.ToArray(), tensor.Shape.Rank == 3 ? tensor.Shape[1] : 1));
        var (shape, text) = (saved.Shape($"x.{row}"), saved.Shape($"cap.{row}"));
        var latents = saved.Tensor($"x.{row}", model.Backend).Reshape([1, shape[0], shape[2], shape[3]]);
        var embedding = new PromptEmbedding([.. saved.Singles($"cap.{row}")], text[1], []);
        using var encoded = model.Encode(embedding, door);
        var time = 1000 - (1000 * saved.Singles("t")[row]); // ours counts towards noise
        var map = model.Describe([shape[0], shape[2], shape[3]], [encoded]);
        var output = model.Predict(new NetworkInput(map, latents, [time], [encoded]), door);
        compare.Tensor($"out.{row}", Array.ConvertAll(output.ToArray(), v => -v), saved.Singles($"out.{row}"));
        return shown;
    }

    private static void CompareBlocks(Dictionary<string, (float[] Values, int Tokens)>[] shown, FixtureFile saved, Comparison compare)
    {
        string[] perRow = ["x.", "cap.", "out."];
        foreach (var name in saved.Names.Where(n => n != "t" && !perRow.Any(prefix => n.StartsWith(prefix, StringComparison.Ordinal))))
        {
            var ours = new List<float>();
            var theirs = new List<float>();
            var (shape, values) = (saved.Shape(name), saved.Singles(name));
            var at = 0; // in what is saved in one piece
            foreach (var (row, tensors) in shown.Index())
            {
                var known = tensors[name switch { Embedder => "x_embedder", Final => "final_layer", _ => name }];
                var width = shape[^1];
                var first = shape.Rank == 3 || name == "t_embedder" ? (int)shape.Product(1, shape.Rank) * row : at;
                ours.AddRange(known.Values);
                theirs.AddRange(values.AsSpan(first, known.Tokens * width));
                at += width * ZImageConfig.Filled(known.Tokens);
            }

            compare.Tensor(name, [.. ours], [.. theirs], 0, null, BlockTolerance);
        }
    }
}
