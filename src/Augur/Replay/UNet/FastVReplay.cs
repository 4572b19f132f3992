using System.Text;
using System.Text.Json;
using Augur.Caching.Tokens.Compression;
using Augur.Conditioning.Text;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// A small decoder that reads a picture's tokens between others: as it is, with tokens dropped behind its first layers, and with their columns hidden
/// instead.
/// </summary>
internal sealed class FastVReplay(string file, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend)
{
    private readonly JsonElement _sizes = config.GetProperty("fastv");

    private int First => _sizes.GetProperty("sys").GetInt32();

    private int Count => _sizes.GetProperty("img").GetInt32();

    private int Layer => _sizes.GetProperty("k").GetInt32();

    /// <summary>Compares scores, choices, and the stream before every layer under all three.</summary>
    public void Run()
    {
        foreach (var name in saved.Names.Where(name => name.StartsWith("w.", StringComparison.Ordinal)))
        {
            compare.Used(name);
        }

        compare.Used("inputs_embeds");
        using var checkpoint = Checkpoint.Open(file);
        var json = ForeignJson.Parse(file, Encoding.UTF8.GetBytes(config.GetProperty("fastv_config").GetRawText()));
        using var model = DecoderModel.Read(checkpoint, backend, json, prefix: "w.");
        using var scope = TensorScope.Begin();
        Follow(model, "off", hides: null, drops: null);
        var kept = Choose(model);
        var stay = FastV.With(kept, First, Count, saved.Shape("inputs_embeds")[1]);
        compare.Exact("top_index", [.. kept.Select(token => (long)token)], saved.Integers("top_index"));
        compare.Exact("keep_index", [.. stay.Select(token => (long)token)], saved.Integers("keep_index"));
        Follow(model, "drop", hides: null, drops: stay);
        Follow(model, "mask", hides: stay, drops: null);
    }

    // By the attention of the layer before, whose input is the same in all three.
    private int[] Choose(DecoderModel model)
    {
        var (layer, places) = (model.Layers[Layer - 1], Places(saved.Shape("inputs_embeds")[1]));
        var h = layer.ForAttention(saved.Tensor($"off.hidden{Layer - 1}", backend));
        var (rotation, channels) = (Rotation(model, places), h.Shape[2]);
        var query = layer.Queries(h, rotation).ToArray().AsSpan(^channels..);
        var scores = FastV.Scores(query, new(layer.Keys(h, rotation).ToArray(), channels), model.Config.Heads, First, Count);
        compare.Tensor("score", [.. scores.Select(score => (float)score)], saved.Singles("score"));
        return FastV.Keep(scores, First, _sizes.GetProperty("rank").GetInt32());
    }

    private void Follow(DecoderModel model, string name, int[]? hides, int[]? drops)
    {
        var x = saved.Tensor("inputs_embeds", backend);
        var places = Places(x.Shape[1]);
        for (var i = 0; i < model.LayerCount; i++)
        {
            compare.Tensor($"{name}.hidden{i}", x.ToArray(), saved.Singles($"{name}.hidden{i}"));
            if (i == Layer && drops is not null)
            {
                x = x.GatherTokens(IndexTable.From(backend, drops, [1, drops.Length]));
                places = Array.ConvertAll(drops, token => (long)token); // the original ones
            }

            x = Forward(model, model.Layers[i], x, places, i >= Layer ? hides : null);
        }

        var end = model.ForHead(x).ToArray();
        compare.Tensor($"{name}.hidden{model.LayerCount}", end, saved.Singles($"{name}.hidden{model.LayerCount}"));
        compare.Tensor($"{name}.out", end, saved.Singles($"{name}.out"));
    }

    private Tensor Forward(DecoderModel model, DecoderLayer layer, Tensor x, long[] places, int[]? visible)
    {
        var (h, rotation) = (layer.ForAttention(x), Rotation(model, places));
        var (q, k, v) = (layer.Queries(h, rotation), layer.Keys(h, rotation), layer.Values(h));
        var read = visible is null ? layer.Attend(q, k, v, counts: null, isCausal: true) : AttendVisible(q, k, v, model.Config.Heads, visible);
        x = read.Linear(layer.Output, new LinearEpilogue(Residual: x));
        return layer.Middle(layer.ForMlp(x)).Linear(layer.Down, new LinearEpilogue(Residual: x));
    }

    // Causal attention to some of the tokens only, row by row: those before a token are the first ones of the visible.
    private Tensor AttendVisible(Tensor q, Tensor k, Tensor v, int heads, int[] visible)
    {
        var rows = new List<Tensor>();
        for (var token = 0; token < q.Shape[1]; token++)
        {
            int[] seen = [.. visible.Where(other => other <= token)];
            var table = IndexTable.From(backend, seen, [1, seen.Length]);
            rows.Add(q.Slice(1, token, 1).AttendTo(k.GatherTokens(table), v.GatherTokens(table), heads, new AttentionOptions(heads)));
        }

        return Tensor.Concatenate([.. rows], 1);
    }

    private static long[] Places(int count) => [.. Enumerable.Range(0, count).Select(i => (long)i)];

    private DecoderRotation Rotation(DecoderModel model, long[] places)
    {
        var (cosines, sines) = model.Config.Rotary.Table(model.Config.HeadChannels, places, places.Length);
        Shape shape = [places.Length, model.Config.HeadChannels / 2];
        return new(Tensor.From(backend, cosines, shape), Tensor.From(backend, sines, shape));
    }
}
