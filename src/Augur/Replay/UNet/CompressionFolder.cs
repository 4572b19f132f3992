using System.Text.Json;
using Augur.Caching.Tokens.Compression;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>Replays folders of operators that compress tokens: ToMe, FastV, DivPrune, VisionZip, PruMerge, SparseVLM.</summary>
internal static class CompressionFolder
{
    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) => config.TryGetProperty("divprune", out _) && config.TryGetProperty("tome", out _);

    /// <summary>Replays one operator.</summary>
    /// <exception cref="NotSupportedException">It is none that is built.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        var compare = new Comparison(Comparison.ForwardTolerance);
        switch (run)
        {
            case "tome":
                CompareToMe(config, saved, compare);
                break;
            case "tome_vit":
                new ToMeVitReplay(config.GetProperty("vit"), saved, compare, backend).Run();
                break;
            case "fastv":
                new FastVReplay(Path.Combine(folder, $"{run}.safetensors"), config, saved, compare, backend).Run();
                break;
            case "divprune":
                CompareDivPrune(config.GetProperty(run), saved, compare);
                break;
            case "visionzip":
                CompareVisionZip(config.GetProperty(run), saved, compare);
                break;
            case "prumerge":
                ComparePruMerge(config, saved, compare);
                break;
            case "sparsevlm":
                CompareSparseVlm(config.GetProperty(run), saved, compare);
                break;
            default:
                throw new NotSupportedException($"there is no operator '{run}'");
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    private static void CompareToMe(JsonElement config, FixtureFile saved, Comparison compare)
    {
        foreach (var run in config.GetProperty("tome").EnumerateObject())
        {
            var (hasClass, hasDistillation) = (Flag(run.Value, "cls"), Flag(run.Value, "dist"));
            var count = run.Value.GetProperty("r").GetInt32();
            CompareMatchings(run.Name, (row, metric) => BipartiteMatching.Soft(metric, count, hasClass, hasDistillation), saved, compare);
        }

        var k = config.GetProperty("kth").GetProperty("k").GetInt32();
        CompareMatchings("kth", (_, metric) => BipartiteMatching.EveryKth(metric, k), saved, compare);
        var (draws, merged) = (saved.Singles("rnd.draws"), config.GetProperty("rnd").GetProperty("r").GetInt32());
        compare.Used("rnd.draws");
        CompareMatchings(
            "rnd", (row, metric) => BipartiteMatching.Random(metric, draws.AsSpan(row * metric.Count, metric.Count), merged), saved, compare);
        foreach (var schedule in config.GetProperty("parse_r").EnumerateArray())
        {
            CompareSchedule(schedule, compare);
        }
    }

    private static void CompareMatchings(
        string name, Func<int, TokenRows, BipartiteMatching> match, FixtureFile saved, Comparison compare)
    {
        var (xs, metrics) = (Rows(saved, $"{name}.x"), Rows(saved, $"{name}.metric"));
        compare.Used($"{name}.x", $"{name}.metric", $"{name}.size");
        var matchings = metrics.Select((metric, row) => match(row, metric)).ToArray();
        Exact("unm_idx", m => m.Alone.Select(token => token / 2L));
        Exact("src_idx", m => m.Merged.Select(token => token / 2L));
        Exact("dst_idx", m => m.Into.Select(place => (long)place));
        Compare("sum", (m, row) => m.Merge(xs[row], MergeMode.Sum));
        Compare("mean", (m, row) => m.Merge(xs[row], MergeMode.Mean));
        Compare("amax", (m, row) => m.Merge(xs[row], MergeMode.Max));
        Compare("unmerged", (m, row) => m.Unmerge(m.Merge(xs[row], MergeMode.Mean)));
        Compare("source", (m, row) => m.Merge(Identity(xs[row].Count), MergeMode.Max));
        if (saved.Has($"{name}.size"))
        {
            var sizes = Rows(saved, $"{name}.size");
            Compare("wavg", (m, row) => m.MergeBySize(xs[row], sizes[row]).Tokens);
            Compare("wavg_size", (m, row) => m.MergeBySize(xs[row], sizes[row]).Sizes);
        }

        void Exact(string what, Func<BipartiteMatching, IEnumerable<long>> of)
        {
            if (saved.Has($"{name}.{what}"))
            {
                compare.Exact($"{name}.{what}", [.. matchings.SelectMany(of)], saved.Integers($"{name}.{what}"));
            }
        }

        void Compare(string what, Func<BipartiteMatching, int, TokenRows> of)
        {
            if (saved.Has($"{name}.{what}"))
            {
                compare.Tensor($"{name}.{what}", [.. matchings.SelectMany((m, row) => of(m, row).Values)], saved.Singles($"{name}.{what}"));
            }
        }
    }

    // A number, a number with an inflection, or one number for each layer.
    private static void CompareSchedule(JsonElement saved, Comparison compare)
    {
        var (layers, r) = (saved.GetProperty("layers").GetInt32(), saved.GetProperty("r"));
        long[] theirs = [.. saved.GetProperty("out").EnumerateArray().Select(n => n.GetInt64())];
        JsonElement[] parts = r.ValueKind == JsonValueKind.Array ? [.. r.EnumerateArray()] : [r];
        var hasInflection = parts.Length == 2 && parts[1].GetRawText().Contains('.', StringComparison.Ordinal);
        int[] ours = parts.Length == 1 ? BipartiteMatching.Schedule(layers, parts[0].GetInt32())
            : hasInflection ? BipartiteMatching.Schedule(layers, parts[0].GetInt32(), parts[1].GetDouble())
            : [.. parts.Select(part => part.GetInt32()), .. new int[Math.Max(0, layers - parts.Length)]];
        compare.Exact($"schedule {r.GetRawText()}", [.. ours.Select(n => (long)n)], theirs);
    }

    private static void CompareDivPrune(JsonElement runs, FixtureFile saved, Comparison compare)
    {
        foreach (var run in runs.EnumerateObject())
        {
            var x = Rows(saved, $"{run.Name}.x")[0];
            compare.Used($"{run.Name}.x");
            var count = (int)Math.Round(run.Value.GetProperty("ratio").GetDouble() * x.Count, MidpointRounding.ToEven);
            compare.Tensor($"{run.Name}.distance", DivPrune.Distances(x), saved.Singles($"{run.Name}.distance"));
            compare.Exact($"{run.Name}.picked", [.. DivPrune.Pick(x, count).Select(t => (long)t)], saved.Integers($"{run.Name}.picked"));
        }
    }

    private static void CompareVisionZip(JsonElement sizes, FixtureFile saved, Comparison compare)
    {
        var (hidden, metric, heads) = (Rows(saved, "hidden"), Rows(saved, "metric"), saved.Shape("attention_cls")[1]);
        compare.Used("hidden", "metric", "attention_cls");
        float[][] attention = [.. saved.Singles("attention_cls").Chunk(heads * hidden[0].Count)];
        double[][] scores = [.. attention.Select(a => VisionZip.Scores(a, heads))];
        compare.Tensor("cls_score", [.. scores.SelectMany(s => s).Select(s => (float)s)], saved.Singles("cls_score"));
        int[][] dominant = [.. scores.Select(s => VisionZip.Dominant(s, sizes.GetProperty("dom").GetInt32()))];
        compare.Exact("dominant_index", [.. dominant.SelectMany(row => row).Select(t => (long)t)], saved.Integers("dominant_index"));
        var contextual = sizes.GetProperty("ctx").GetInt32();
        compare.Tensor(
            "out",
            [.. dominant.SelectMany((row, i) => VisionZip.Compress(hidden[i], metric[i], row, contextual).Values)],
            saved.Singles("out"));
    }

    private static void ComparePruMerge(JsonElement config, FixtureFile saved, Comparison compare)
    {
        compare.Used("layer_in", "features", "q_weight", "q_bias", "k_weight", "k_bias");
        var (layer, features) = (Rows(saved, "layer_in")[0], Rows(saved, "features")[0]);
        var (queries, keys) = (Map(layer, "q"), Map(layer, "k"));
        var attention = PruMerge.ClassAttention(queries[0], keys);
        compare.Tensor("cls_attention", attention, saved.Singles("cls_attention"));
        var adaptive = PruMerge.OutlierShare(attention);
        compare.Number("adaptive ratio", adaptive, config.GetProperty("prumerge_adaptive_ratio").GetDouble(), 1e-12, 0);
        var own = keys.Take(Enumerable.Range(1, features.Count));
        foreach (var (name, ratio) in new[] { ("adaptive", adaptive), ("ratio", config.GetProperty("prumerge").GetProperty("ratio").GetDouble()) })
        {
            var kept = PruMerge.Keep(attention, ratio);
            compare.Exact($"index_{name}", [.. kept.Select(t => (long)t)], saved.Integers($"index_{name}"));
            compare.Tensor($"out_{name}", PruMerge.Merge(features, own, attention, kept).Values, saved.Singles($"out_{name}"));
        }

        TokenRows Map(TokenRows x, string name)
        {
            var (weight, bias) = (Rows(saved, $"{name}_weight")[0], saved.Singles($"{name}_bias"));
            return new([.. Enumerable.Range(0, x.Count).SelectMany(t => Enumerable.Range(0, weight.Count)
                .Select(o => (float)(TokenRows.Dot(x[t], weight[o]) + bias[o])))], weight.Count);
        }
    }

    private static void CompareSparseVlm(JsonElement sizes, FixtureFile saved, Comparison compare)
    {
        compare.Used("visual", "text", "attention", "cluster_in", "cluster_noise");
        var (visual, text) = (Rows(saved, "visual")[0], Rows(saved, "text")[0]);
        var relevance = SparseVlm.Relevance(visual, text);
        compare.Tensor("text_relevance", [.. relevance.Select(r => (float)r)], saved.Singles("text_relevance"));
        var raters = SparseVlm.Raters(relevance);
        compare.Exact("rater_index", [.. raters.Select(t => (long)t)], saved.Integers("rater_index"));
        var first = sizes.GetProperty("sys").GetInt32();
        int[] places = Array.ConvertAll(raters, t => first + visual.Count + t);
        var scores = SparseVlm.Scores(saved.Singles("attention"), sizes.GetProperty("H").GetInt32(), places, first, visual.Count);
        compare.Tensor("visual_score", [.. scores.Select(s => (float)s)], saved.Singles("visual_score"));
        var kept = SparseVlm.Keep(scores, sizes.GetProperty("keep").GetInt32());
        compare.Exact("keep_mask", [.. Enumerable.Range(0, visual.Count).Select(t => kept.Contains(t) ? 1L : 0)], saved.Integers("keep_mask"));
        var clustered = SparseVlm.Cluster(Rows(saved, "cluster_in")[0], sizes.GetProperty("cl").GetInt32(), saved.Singles("cluster_noise"));
        compare.Tensor("cluster_out", clustered.Values, saved.Singles("cluster_out"));
    }

    // The sequences of a tensor [batch, tokens, channels], or the one of [tokens, channels].
    private static TokenRows[] Rows(FixtureFile saved, string name)
    {
        var shape = saved.Shape(name);
        var size = shape.Rank == 2 ? shape[0] * shape[1] : shape[1] * shape[2];
        return [.. saved.Singles(name).Chunk(size).Select(values => new TokenRows(values, shape.Columns))];
    }

    private static TokenRows Identity(int count) =>
        new([.. Enumerable.Range(0, count * count).Select(i => i / count == i % count ? 1f : 0)], count);

    private static bool Flag(JsonElement run, string name) => run.TryGetProperty(name, out var flag) && flag.GetBoolean();
}
