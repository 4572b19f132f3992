using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Tokens;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>
/// Replays a folder of edits that EEdit's released code made with a FLUX transformer: an inversion and a denoising a run, both under its caching,
/// with its draws given, and the rings of more regions.
/// </summary>
internal static class EEditFolder
{
    private const string Rings = "rings";

    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) => config.TryGetProperty("mask_ellipse", out _) && FluxFolder.Is(config);

    /// <summary>Names of its runs.</summary>
    public static IEnumerable<string> Runs(string folder) => Directory.EnumerateFiles(folder, "*.json")
        .Select(file => Path.GetFileNameWithoutExtension(file)!)
        .Where(name => name != "config")
        .Order(StringComparer.Ordinal);

    /// <summary>Replays one run.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var parsed = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, $"{run}.json")));
        var name = $"{Path.GetFileName(folder)}/{run}";
        var compare = new Comparison(Comparison.TrajectoryTolerance);
        if (run == Rings)
        {
            foreach (var (index, described) in parsed.RootElement.EnumerateArray().Index())
            {
                CompareRings($"rings[{index}]", described, compare);
            }

            return compare.Finish(name, []);
        }

        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var inputs = new FixtureFile(Path.Combine(folder, "inputs.safetensors"));
        using var draws = new FixtureFile(Path.Combine(folder, "draws.safetensors"));
        using var model = FluxFolder.LoadModel(Path.Combine(folder, "weights.safetensors"), config, backend);
        new EEditReplay(model, parsed.RootElement, config, saved, inputs, draws, compare).Run();
        return compare.Finish(name, saved.Names);
    }

    /// <summary>The tokens of each ring as a description names them, compared with ours.</summary>
    private static void CompareRings(string name, JsonElement described, Comparison compare)
    {
        // The released parser of boxes takes every picture for one of that size.
        var side = described.TryGetProperty("resolution", out var resolution) ? resolution.GetInt32() : (int?)null;
        var region = Region(described, side ?? described.GetProperty("H").GetInt32(), side ?? described.GetProperty("W").GetInt32());
        Shape grid = [region.Height / EEditReplay.TokenSide, region.Width / EEditReplay.TokenSide];
        var rule = described.GetProperty("kind").GetString() == "pts" ? RegionRule.Points : RegionRule.Box;
        EEditReplay.CompareRings(name, region.Rings(grid, described.GetProperty("cascade").GetInt32(), rule), described, compare);
        if (described.TryGetProperty("weight_map", out var map))
        {
            var weights = new RegionWeights(rule, new() { Rings = described.GetProperty("cascade").GetInt32() });
            EEditReplay.CompareWeights(name, weights, region, grid, Floats(map), compare);
        }
    }

    /// <summary>The region that a description names: a box, or pairs of points.</summary>
    public static EditRegion Region(JsonElement described, int height, int width)
    {
        if (described.TryGetProperty("box", out var box))
        {
            int[] edges = [.. box.EnumerateArray().Select(edge => edge.GetInt32())];
            return EditRegion.Box(edges[0], edges[1], edges[2], edges[3], height, width);
        }

        var points = described.GetProperty("src").EnumerateArray().Concat(described.GetProperty("tgt").EnumerateArray());
        return EditRegion.Points(points.Select(p => (p[0].GetInt32(), p[1].GetInt32())), height, width);
    }

    private static float[] Floats(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetSingle())];
}
