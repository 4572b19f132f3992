using System.Text.Json;
using Augur.Conditioning.Text;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>Replays forwards of Wan's umT5: with a mask of padding, without, and beyond the largest distance.</summary>
internal static class UmT5Replay
{
    /// <summary>Replays one run.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, "weights.safetensors"));
        using var encoder = T5Encoder.Read(checkpoint, backend);
        using var scope = TensorScope.Begin();
        var compare = new Comparison(Comparison.ForwardTolerance);
        TextEncoderReplay.CompareBuckets(saved, compare, encoder.Config.Buckets, encoder.Config.MaxDistance);
        var rows = TextEncoderReplay.Rows(saved, "ids", compare);
        compare.Used("mask");
        int[] counts = [.. saved.Integers("mask").Chunk(rows[0].Length).Select(mask => (int)mask.Sum())];
        var output = encoder.Encode([.. rows.Select((row, i) => row[..counts[i]])], (name, tensor) =>
        {
            var savedName = name == "embedding" ? "token_embedding.out" : $"blocks.{name}";
            compare.Tensor(savedName, tensor.ToArray(), saved.Singles(savedName));
        });
        compare.Tensor("last_hidden_state", output.ToArray(), saved.Singles("last_hidden_state"));
        for (var i = 0; i < rows.Length; i++)
        {
            var own = output.Rows(i, 1).Reshape([output.Shape[1], output.Shape[2]]).Rows(0, counts[i]);
            compare.Tensor($"context.{i}", own.ToArray(), saved.Singles($"context.{i}"));
        }

        compare.Tensor("no_mask.last_hidden_state", encoder.Encode(rows).ToArray(), saved.Singles("no_mask.last_hidden_state"));
        var longRows = TextEncoderReplay.Rows(saved, "long.ids", compare);
        compare.Tensor("long.last_hidden_state", encoder.Encode(longRows).ToArray(), saved.Singles("long.last_hidden_state"));
        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }
}
