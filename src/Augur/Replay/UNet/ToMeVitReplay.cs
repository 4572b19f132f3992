using System.Text.Json;
using Augur.Caching.Tokens.Compression;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>
/// A small vision transformer with ToMe between attention and feed-forward of its blocks, proportional attention and tracked sources, sequence by
/// sequence.
/// </summary>
internal sealed class ToMeVitReplay(JsonElement sizes, FixtureFile saved, Comparison compare, IBackend backend)
{
    private const float Epsilon = 1e-6f;
    private readonly int _heads = sizes.GetProperty("H").GetInt32();
    private readonly bool _hasClassToken = sizes.GetProperty("cls").GetBoolean();
    private readonly bool _isProportional = sizes.GetProperty("prop").GetBoolean();

    /// <summary>Compares metric, matching, stream and sizes of every block, and the sources at the end.</summary>
    public void Run()
    {
        foreach (var name in saved.Names.Where(name => name.StartsWith("w.", StringComparison.Ordinal)))
        {
            compare.Used(name);
        }

        compare.Used("x");
        int[] merges = [.. sizes.GetProperty("r").EnumerateArray().Select(r => r.GetInt32())];
        var (shape, x) = (saved.Shape("x"), saved.Singles("x"));
        var ours = new Dictionary<string, List<float>>();
        var matched = new Dictionary<string, List<long>>();
        for (var row = 0; row < shape[0]; row++)
        {
            Follow(new TokenRows(FixtureFile.Entry(x, shape, row).ToArray(), shape[2]), merges, ours, matched);
        }

        foreach (var (name, values) in ours.Where(entry => saved.Has(entry.Key)))
        {
            compare.Tensor(name, [.. values], saved.Singles(name));
        }

        foreach (var (name, values) in matched)
        {
            compare.Exact(name, values, saved.Integers(name));
        }
    }

    private void Follow(TokenRows x, int[] merges, Dictionary<string, List<float>> ours, Dictionary<string, List<long>> matched)
    {
        TokenRows? weights = null; // how many tokens each stands for; none before the first merging
        var source = new TokenRows([.. Enumerable.Range(0, x.Count * x.Count).Select(i => i / x.Count == i % x.Count ? 1f : 0)], x.Count);
        for (var (block, merging) = (0, 0); block < merges.Length; block++)
        {
            using var scope = TensorScope.Begin();
            x = Attend(x, block, weights, out var metric);
            if (merges[block] > 0)
            {
                var matching = BipartiteMatching.Soft(metric, merges[block], _hasClassToken);
                Note(ours, $"layer{merging}.metric", metric.Values);
                Note(matched, $"layer{merging}.unm_idx", matching.Alone.Select(token => token / 2L));
                Note(matched, $"layer{merging}.src_idx", matching.Merged.Select(token => token / 2L));
                Note(matched, $"layer{merging++}.dst_idx", matching.Into.Select(place => (long)place));
                (x, weights) = matching.MergeBySize(x, weights ?? new([.. Enumerable.Repeat(1f, x.Count)], 1));
                source = matching.Merge(source, MergeMode.Max);
            }

            x = FeedForward(x, block);
            Note(ours, $"layer{block}.out", x.Values);
            Note(ours, $"layer{block}.size", weights?.Values ?? []);
        }

        Note(ours, "source", source.Values);
    }

    // x + attention(norm(x)); the metric is the mean of the keys over heads.
    private TokenRows Attend(TokenRows x, int block, TokenRows? weights, out TokenRows metric)
    {
        var (stream, channels) = (ToTensor(x), x.Channels);
        var qkv = Map(Norm(stream, $"w.{block}.norm1"), $"w.{block}.attn.qkv");
        var (keys, width) = (qkv.Chunk(1, 3).ToArray(), channels / _heads);
        metric = new([.. Enumerable.Range(0, x.Count * width).Select(i =>
            Enumerable.Range(0, _heads).Average(head => keys[(i / width * channels) + (head * width) + (i % width)]))], width);
        var bias = weights is null || !_isProportional ? null : Tensor.From(
            backend,
            [.. Enumerable.Range(0, x.Count).SelectMany(_ => weights.Values.Select(size => MathF.Log(size)))],
            [1, x.Count, x.Count]);
        var attended = qkv.Chunk(0, 3).AttendTo(qkv.Chunk(1, 3), qkv.Chunk(2, 3), _heads, new(Bias: bias));
        return new((stream + Map(attended, $"w.{block}.attn.proj")).ToArray(), channels);
    }

    private TokenRows FeedForward(TokenRows x, int block)
    {
        var stream = ToTensor(x);
        var hidden = Map(Norm(stream, $"w.{block}.norm2"), $"w.{block}.mlp.fc1").Activate(Activation.GeluErf);
        return new((stream + Map(hidden, $"w.{block}.mlp.fc2")).ToArray(), x.Channels);
    }

    private Tensor ToTensor(TokenRows x) => Tensor.From(backend, x.Values, [1, x.Count, x.Channels]);

    private Tensor Norm(Tensor x, string name) =>
        x.LayerNorm(saved.Tensor($"{name}.weight", backend), saved.Tensor($"{name}.bias", backend), Epsilon);

    private Tensor Map(Tensor x, string name)
    {
        using var weight = backend.Pack(saved.Tensor($"{name}.weight", backend), saved.Tensor($"{name}.bias", backend));
        return x.Linear(weight);
    }

    private static void Note<T>(Dictionary<string, List<T>> notes, string name, IEnumerable<T> values)
    {
        if (!notes.TryGetValue(name, out var list))
        {
            notes[name] = list = [];
        }

        list.AddRange(values);
    }
}
