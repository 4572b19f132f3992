using System.Text.Json;
using Augur.Conditioning;
using Augur.Models.Sd3;
using Augur.Models.UNet;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>A forward of Stable Diffusion 1, XL or 3 as the original code ran it, with texts that were encoded.</summary>
internal static class OriginalForward
{
    /// <summary>Whether a file holds such a network.</summary>
    public static bool Is(Checkpoint checkpoint) => Sd3Layouts.Is(checkpoint) || UNetLayouts.Is(checkpoint);

    /// <summary>Runs the network and compares its output.</summary>
    /// <param name="checkpoint">Of the network alone.</param>
    /// <param name="sizes">The original configuration: number of heads, or channels of one, which no shape tells at these sizes.</param>
    /// <param name="groups">Of group norms; for a U-Net.</param>
    /// <param name="saved">Inputs and the output.</param>
    /// <param name="inputs">What precedes the names of inputs.</param>
    /// <param name="output">Name of the output.</param>
    /// <param name="compare">Takes the comparison.</param>
    /// <param name="backend">Where to compute.</param>
    public static void Compare(
        Checkpoint checkpoint, JsonElement sizes, int groups, FixtureFile saved, string inputs, string output, Comparison compare, IBackend backend)
    {
        using var scope = TensorScope.Begin();
        if (Sd3Layouts.Is(checkpoint))
        {
            var heads = sizes.GetProperty("heads").GetInt32();
            using var model = Sd3Layouts.Load(checkpoint, backend, inferred => inferred with { HeadCount = heads, TextBucket = 1 });
            var texts = FluxFolder.Texts(saved, $"{inputs}context", $"{inputs}y");
            var answer = UNetFolder.Predict(model, saved.Tensor($"{inputs}x", backend), saved.Times($"{inputs}t"), texts);
            compare.Tensor(output, answer, saved.Singles(output));
            return;
        }

        var vector = saved.Has($"{inputs}y") ? saved.Shape($"{inputs}y")[1] : 0;
        using var unet = UNetLayouts.Load(checkpoint, backend, inferred => inferred with
        {
            NormGroups = groups,
            PooledChannels = vector,
            SizeCount = vector > 0 ? 0 : inferred.SizeCount, // saved is the whole vector of text and sizes
            TextBucket = 1,
            HeadCounts = [.. inferred.BlockChannels.Select(channels => sizes.TryGetProperty("num_head_channels", out var width)
                ? channels / width.GetInt32() : sizes.GetProperty("num_heads").GetInt32())],
        });
        var conditions = Texts(saved, $"{inputs}context", vector > 0 ? $"{inputs}y" : null);
        var predicted = UNetFolder.Predict(unet, saved.Tensor($"{inputs}sample", backend), saved.Times($"{inputs}timestep"), conditions);
        compare.Tensor(output, predicted, saved.Singles(output));
    }

    private static PromptEmbedding[] Texts(FixtureFile saved, string tokens, string? pooled)
    {
        var (shape, values) = (saved.Shape(tokens), saved.Singles(tokens));
        var vectors = pooled is null ? [] : saved.Singles(pooled);
        var size = vectors.Length / shape[0];
        return [.. Enumerable.Range(0, shape[0]).Select(row =>
            new PromptEmbedding([.. FixtureFile.Entry(values, shape, row)], shape[2], [.. vectors.AsSpan(row * size, size)]))];
    }
}
