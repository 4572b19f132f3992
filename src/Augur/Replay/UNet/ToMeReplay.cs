using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;
using Augur.Conditioning;
using Augur.Models;
using Augur.Models.UNet;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>Saved mergings of tokens, one by one and within a U-Net.</summary>
internal sealed class ToMeReplay(JsonElement run, FixtureFile saved, Comparison compare)
{
    /// <summary>Compares each single merging: which tokens, into which, the means and the way back.</summary>
    public void CompareSingles(IBackend backend)
    {
        var index = 0;
        foreach (var single in run.GetProperty("single").EnumerateArray())
        {
            using var scope = TensorScope.Begin();
            var name = $"m{index++}";
            var (height, width) = (single.GetProperty("h").GetInt32(), single.GetProperty("w").GetInt32());
            var windows = new TokenWindows(height, width, single.GetProperty("sy").GetInt32(), single.GetProperty("sx").GetInt32());
            int[] places = [.. saved.Integers($"{name}.window_index").Select(place => (int)place)];
            var destinations = windows.At(places);
            compare.Exact($"{name}.dst", [.. destinations.Order().Select(t => (long)t)], [.. saved.Integers($"{name}.dst").Order()]);
            compare.Exact(
                $"{name}.src",
                [.. Enumerable.Range(0, height * width).Except(destinations).Select(t => (long)t)],
                [.. saved.Integers($"{name}.src").Order()]);
            var metric = saved.Tensor($"{name}.metric", backend);
            var merging = TokenMerging.Of(
                metric, [.. Enumerable.Repeat(destinations, metric.Shape[0])], (int)(height * width * single.GetProperty("ratio").GetDouble()));
            var groups = merging.Groups!;
            Tokens($"{name}.merged_src", merging.Merged);
            Tokens($"{name}.merged_into", merging.Into);
            compare.Used($"{name}.window_index", $"{name}.metric", $"{name}.y", $"{name}.unmerged_src");
            CompareMeans(name, "metric", groups, backend);
            CompareMeans(name, "y", groups, backend);
            var means = saved.Tensor($"{name}.y", backend).ClusterMeans(groups.Labels.Tensor, groups.Count);
            compare.Tensor($"{name}.unmerged_y", means.GatherTokens(groups.Labels).ToArray(), saved.Singles($"{name}.unmerged_y"));
        }
    }

    private void Tokens(string name, int[][] rows) =>
        compare.Exact(name, [.. rows.SelectMany(row => row).Select(token => (long)token)], saved.Integers(name));

    /// <summary>Compares a forward of the network with its tokens merged, and one without.</summary>
    public void CompareNetwork(UNetModel model)
    {
        using var scope = TensorScope.Begin();
        compare.Used("unet.x", "unet.t", "unet.context");
        var settings = run.GetProperty("unet");
        var policy = new ToMePolicy(new()
        {
            Ratio = settings.GetProperty("ratio").GetDouble(),
            WindowRows = settings.GetProperty("sy").GetInt32(),
            WindowColumns = settings.GetProperty("sx").GetInt32(),
        })
        {
            Draws = _ => new SavedPlaces(saved, compare),
        };
        var rows = model.Encode([.. UNetFolder.Texts(saved, "unet.context").Select(text => (Condition)text.Text)]);
        try
        {
            var latents = saved.Tensor("unet.x", model.Backend);
            var map = model.Describe([latents.Shape[1], latents.Shape[2], latents.Shape[3]], rows);
            var input = new NetworkInput(map, latents, saved.Times("unet.t"), rows);
            compare.Tensor("unet.out_unpatched", model.Predict(input, ComputeEverything.Instance).ToArray(), saved.Singles("unet.out_unpatched"));
            using var memory = policy.Open(new RunInfo { Map = map, CallCount = 1, RowCount = rows.Count, RowsPerSample = rows.Count });
            memory.Begin(new NetworkCall(0, 1, input.Timesteps[0]));
            using var reads = new DeferredRead();
            var door = new FeatureDoor([(memory, rows.Count)], new CostLedger(map, [rows.Count], TimeProvider.System), reads);
            compare.Tensor("unet.out", model.Predict(input, door).ToArray(), saved.Singles("unet.out"));
        }
        finally
        {
            foreach (var row in rows)
            {
                row.Dispose();
            }
        }
    }

    // Their rows are the sources that were not merged, then the destinations, in their order.
    private void CompareMeans(string name, string of, TokenGroups groups, IBackend backend)
    {
        var x = saved.Tensor($"{name}.{of}", backend);
        var means = x.ClusterMeans(groups.Labels.Tensor, groups.Count);
        var (alone, destinations, labels) = (saved.Integers($"{name}.unmerged_src"), saved.Integers($"{name}.dst"), groups.Labels);
        int rows = x.Shape[0], tokens = x.Shape[1], width = alone.Length / rows;
        int[] order = [.. Enumerable.Range(0, rows).SelectMany(row => alone.AsSpan(row * width, width).ToArray().Concat(destinations)
            .Select(token => labels.Indices[(row * tokens) + (int)token]))];
        var ordered = means.GatherTokens(IndexTable.From(backend, order, [rows, order.Length / rows]));
        compare.Tensor($"{name}.merged_{of}", ordered.ToArray(), saved.Singles($"{name}.merged_{of}"));
    }

    /// <summary>The saved places of the destinations, one list for each merging.</summary>
    private sealed class SavedPlaces(FixtureFile saved, Comparison compare) : IPruningDraws
    {
        public float[] Noise(PruningDraw draw, int rows, int tokens) => new float[rows * tokens];

        public bool IsNegative(PruningDraw draw) => false;

        public int[] Places(PruningDraw draw, int windows, int size)
        {
            compare.Used($"unet.draw{draw.Index}");
            return [.. saved.Integers($"unet.draw{draw.Index}").Select(place => (int)place)];
        }
    }
}
