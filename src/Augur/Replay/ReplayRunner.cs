using System.Text.Json;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>Replays the runs of fixtures and compares every decision and tensor; the format is in <c>docs/replay.md</c>.</summary>
public static class ReplayRunner
{
    /// <summary>Replays a fixture folder, or one run of it.</summary>
    /// <param name="path">A folder, mostly with config.json, or one run's NAME.json or NAME.safetensors in such a folder.</param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <returns>One result per run, as each finishes.</returns>
    /// <exception cref="WeightFileException">There is no fixture at the path. A broken fixture gives a failed result instead.</exception>
    public static IEnumerable<ReplayResult> Run(string path, IBackend backend)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.TrimEndingDirectorySeparator(Directory.Exists(full) ? full : Path.GetDirectoryName(full)!);
        var configPath = Path.Combine(folder, "config.json");
        if (!Path.Exists(path))
        {
            throw new WeightFileException($"{path}: there is no such file or folder.");
        }

        using var json = File.Exists(configPath) ? Parse(configPath) : JsonDocument.Parse("{}");
        var only = Directory.Exists(path) ? null : Path.GetFileNameWithoutExtension(path);
        var config = json.RootElement;
        var kind = ReplayKinds.Of(folder, config);
        if (kind == ReplayKinds.Unknown && !File.Exists(configPath))
        {
            throw new WeightFileException($"{path}: there is no config.json in {folder}.");
        }

        var runs = RunsOf(kind, folder, config, only);
        if (runs.Length == 0)
        {
            throw new WeightFileException($"{path}: there is no run to replay.");
        }

        foreach (var run in runs)
        {
            yield return Guarded($"{Path.GetFileName(folder)}/{run}", () => kind.Run(folder, run, config, backend));
        }
    }

    // A broken fixture must not stop the runs after it.
    private static ReplayResult Guarded(string name, Func<ReplayResult> run)
    {
        try
        {
            return run();
        }
        catch (NotSupportedException missing)
        {
            return new ReplayResult(name, ReplayStatus.Unsupported, 0, 0, 0, 0, missing.Message);
        }
        catch (Exception broken) when (broken is WeightFileException or ArgumentException or InvalidOperationException or KeyNotFoundException
            or FormatException or IOException or JsonException)
        {
            return new ReplayResult(name, ReplayStatus.Fail, 0, 0, 0, 0, broken.Message);
        }
    }

    /// <summary>Reads a JSON file that must contain an object; the content is untrusted.</summary>
    internal static JsonDocument Parse(string path)
    {
        var json = ForeignJson.Read(path);
        _ = json.Fields(); // throws if it is not an object
        return JsonDocument.Parse(json.RawText);
    }

    private static string[] RunsOf(ReplayKind kind, string folder, JsonElement config, string? only)
    {
        try
        {
            return [.. kind.Runs(folder, config).Where(run => only is null || run == only)];
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new WeightFileException(
                $"{Path.Combine(folder, "config.json")}: does not describe runs as docs/replay.md says: {wrong.Message}", wrong);
        }
    }
}
