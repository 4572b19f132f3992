using System.Text.Json;
using Augur.Caching;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>One run with a description of its own, NAME.json beside NAME.safetensors: a DiT sampled under a method.</summary>
internal static class DitRunReplay
{
    /// <summary>Replays it.</summary>
    /// <exception cref="NotSupportedException">The method is not built.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var description = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, $"{run}.json")));
        var json = description.RootElement;
        var method = json.TryGetProperty("official_impl", out var name) ? name.GetString() : "none";
        if (method != "none")
        {
            throw new NotSupportedException($"the method '{method}' is not built");
        }

        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var model = DitCoreReplay.LoadModel(folder, "weights", config, backend);
        var compare = new Comparison(Comparison.TrajectoryTolerance);
        var trajectory = new DitTrajectory(
            json.GetProperty("sampler").GetString() ?? "",
            json.GetProperty("steps").GetString() ?? "",
            json.TryGetProperty("cfg_scale", out var scale) ? scale.GetDouble() : 1,
            json.TryGetProperty("eta", out var eta) ? eta.GetDouble() : 0,
            json.TryGetProperty("clip", out var clip) && clip.GetBoolean());
        DitTrajectoryReplay.Run(model, trajectory, saved, new NoCachePolicy(), compare);
        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }
}
