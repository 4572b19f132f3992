using System.Collections.Immutable;
using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models;
using Augur.Models.PixArt;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays folders made with a PixArt transformer: forwards with intermediates, runs of DPM-Solver++ and IDDPM, and runs under ToCa and DuCa. What
/// the tensors do not tell of the network is in <c>params</c> of config.json, and of the second network in <c>ms.params</c>.
/// </summary>
internal static class PixArtFolder
{
    private static readonly string[] s_forwards = ["forward", "ms_forward"];

    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) => config.TryGetProperty("params", out var sizes)
        && sizes.TryGetProperty("caption_channels", out _) && sizes.TryGetProperty("lewei_scale", out _);

    /// <summary>Replays one run.</summary>
    /// <exception cref="NotSupportedException">The sampler or the method is not supported.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        var isForward = s_forwards.Contains(run);
        var compare = new Comparison(isForward ? Comparison.ForwardTolerance : Comparison.TrajectoryTolerance);
        var isSized = run == "ms_forward";
        var weights = Path.Combine(folder, isSized ? "ms_weights.safetensors" : "weights.safetensors");
        using var model = LoadModel(weights, isSized ? config.GetProperty("ms") : config, backend);
        if (isForward)
        {
            CompareForward(model, saved, compare);
        }
        else
        {
            using var description = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json"));
            PixArtTrajectory.Run(model, description.RootElement, saved, compare);
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    /// <summary>The tokens of each row that are used, one text per row.</summary>
    /// <param name="saved">The tensors.</param>
    /// <param name="name">States of a text encoder, [rows, 1, tokens, channels].</param>
    /// <param name="mask">[rows, tokens]: 1 where a token is used; null: all are.</param>
    public static PromptEmbedding[] Texts(FixtureFile saved, string name, string? mask)
    {
        var (shape, values) = (saved.Shape(name), saved.Singles(name));
        var used = mask is null ? null : saved.Integers(mask);
        var (tokens, channels) = (shape[2], shape[3]);
        return [.. Enumerable.Range(0, shape[0]).Select(row =>
        {
            var kept = Enumerable.Range(0, tokens).Where(t => used is null || used[(row * tokens) + t] != 0);
            ImmutableArray<float> numbers = [.. kept.SelectMany(t => values.AsSpan(((row * tokens) + t) * channels, channels).ToArray())];
            return new PromptEmbedding(numbers, channels, []);
        })];
    }

    private static PixArtModel LoadModel(string path, JsonElement config, IBackend backend)
    {
        var sizes = config.GetProperty("params");
        using var checkpoint = Checkpoint.Open(path);
        return PixArtLayouts.Load(checkpoint, backend, adjust: inferred => inferred with
        {
            InputSize = sizes.GetProperty("input_size").GetInt32(),
            HeadCount = sizes.GetProperty("num_heads").GetInt32(),
            PositionScale = sizes.GetProperty("lewei_scale").GetDouble(),
        });
    }

    private static void CompareForward(PixArtModel model, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        compare.Used("x", "t", "y", "mask", "img_hw", "aspect_ratio");
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
        {
            if (saved.Has(name))
            {
                compare.Tensor(name, tensor.ToArray(), saved.Singles(name));
            }
        });
        var captions = Texts(saved, "y", mask: null);
        compare.Tensor("y_embedder.out", [.. captions.SelectMany(text => model.Project(text).ToArray())], saved.Singles("y_embedder.out"));
        var output = Predict(model, saved, Texts(saved, "y", "mask"), door);
        compare.Tensor("out", output, saved.Singles("out"));
        compare.Tensor("diffusers.out", output, saved.Singles("diffusers.out"));
        if (saved.Has("out_nomask"))
        {
            compare.Tensor("out_nomask", Predict(model, saved, captions, ComputeEverything.Instance), saved.Singles("out_nomask"));
        }

        if (saved.Has("pos_embed"))
        {
            var shape = saved.Shape("x");
            var table = PixArtPositions.Of(model.Backend, model.Config, model.Config.GridOf([shape[1], shape[2], shape[3]]));
            compare.Tensor("pos_embed", table.ToArray(), Array.ConvertAll(saved.Doubles("pos_embed"), p => (float)p));
        }
    }

    private static float[] Predict(PixArtModel model, FixtureFile saved, PromptEmbedding[] texts, IFeatureDoor door)
    {
        var sizes = saved.Has("img_hw") ? saved.Singles("img_hw") : null;
        var ratios = saved.Has("aspect_ratio") ? saved.Singles("aspect_ratio") : null;
        PixArtText[] rows = [.. texts.Select((text, row) => new PixArtText(model.Project(text))
        {
            Size = sizes is null || ratios is null ? null : new PictureSize(sizes[2 * row], sizes[(2 * row) + 1], ratios[row]),
        })];
        var latents = saved.Tensor("x", model.Backend);
        var map = model.Describe([latents.Shape[1], latents.Shape[2], latents.Shape[3]], rows);
        return model.Predict(new NetworkInput(map, latents, saved.Times("t"), rows), door).ToArray();
    }
}
