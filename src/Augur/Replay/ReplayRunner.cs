using System.Text.Json;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>Replays the runs of fixtures and compares every decision and tensor; the format is in <c>docs/replay.md</c>.</summary>
public static class ReplayRunner
{
    /// <summary>Replays a fixture folder, or one run of it.</summary>
    /// <param name="path">A folder with config.json, or one run's NAME.json or NAME.safetensors in such a folder.</param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <returns>One result per run, as each finishes.</returns>
    /// <exception cref="WeightFileException">There is no fixture at the path. A broken fixture gives a failed result instead.</exception>
    public static IEnumerable<ReplayResult> Run(string path, IBackend backend)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.TrimEndingDirectorySeparator(Directory.Exists(full) ? full : Path.GetDirectoryName(full)!);
        var configPath = Path.Combine(folder, "config.json");
        if (!Path.Exists(path) || !File.Exists(configPath))
        {
            throw new WeightFileException(
                $"{path}: {(Path.Exists(path) ? $"there is no config.json in {folder}" : "there is no such file or folder")}.");
        }

        using var json = Parse(configPath);
        var only = Directory.Exists(path) ? null : Path.GetFileNameWithoutExtension(path);
        var kind = Kind.Of(folder, json.RootElement);
        var runs = RunsOf(kind, configPath, only);
        if (runs.Length == 0)
        {
            throw new WeightFileException($"{path}: there is no run to replay.");
        }

        foreach (var run in runs)
        {
            yield return Guarded($"{Path.GetFileName(folder)}/{run}", () => kind.Run(run, backend));
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

    private static string[] RunsOf(Kind kind, string configPath, string? only)
    {
        try
        {
            return [.. kind.Runs().Where(run => only is null || run == only)];
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new WeightFileException($"{configPath}: does not describe runs as docs/replay.md says: {wrong.Message}", wrong);
        }
    }

    /// <summary>The kinds of fixture folders, recognised by their config.json.</summary>
    private abstract record Kind(string Folder, JsonElement Config)
    {
        public static Kind Of(string folder, JsonElement config) =>
            config.TryGetProperty("loops", out _) && config.TryGetProperty("cfg", out _) ? new DitCore(folder, config)
            : FluxFolder.Is(config) ? new Flux(folder, config)
            : config.TryGetProperty("params", out _) && File.Exists(Path.Combine(folder, "decode_encode.safetensors"))
                ? new Autoencoder(folder, config)
            : config.TryGetProperty("sched", out _) || config.TryGetProperty("vae", out _) || config.TryGetProperty("dit", out _)
                ? new Diffusers(folder, config)
            : config.TryGetProperty("cfg", out var cfg) && cfg.TryGetProperty("input_size", out _) ? new DitRuns(folder, config)
            : new Unknown(folder, config);

        public abstract IEnumerable<string> Runs();

        public abstract ReplayResult Run(string run, IBackend backend);

        /// <summary>Names of the runs that have a file of tensors.</summary>
        protected IEnumerable<string> SavedRuns() => Directory.EnumerateFiles(Folder, "*.safetensors")
            .Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(name => !name.EndsWith("weights", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    private sealed record DitCore(string Folder, JsonElement Config) : Kind(Folder, Config)
    {
        public override IEnumerable<string> Runs() => DitCoreReplay.Runs(Folder, Config);

        public override ReplayResult Run(string run, IBackend backend) => DitCoreReplay.Run(Folder, run, Config, backend);
    }

    private sealed record DitRuns(string Folder, JsonElement Config) : Kind(Folder, Config)
    {
        public override IEnumerable<string> Runs() => SavedRuns();

        public override ReplayResult Run(string run, IBackend backend) => DitRunReplay.Run(Folder, run, Config, backend);
    }

    private sealed record Flux(string Folder, JsonElement Config) : Kind(Folder, Config)
    {
        public override IEnumerable<string> Runs() => FluxFolder.Runs(Folder, Config);

        public override ReplayResult Run(string run, IBackend backend) => FluxFolder.Run(Folder, run, Config, backend);
    }

    private sealed record Autoencoder(string Folder, JsonElement Config) : Kind(Folder, Config)
    {
        public override IEnumerable<string> Runs() => ["decode_encode"];

        public override ReplayResult Run(string run, IBackend backend) => AutoencoderReplay.RunOriginal(Folder, run, Config, backend);
    }

    private sealed record Diffusers(string Folder, JsonElement Config) : Kind(Folder, Config)
    {
        public override IEnumerable<string> Runs() => DiffusersReplay.Runs(Folder, Config);

        public override ReplayResult Run(string run, IBackend backend) => DiffusersReplay.Run(Folder, run, Config, backend);
    }

    private sealed record Unknown(string Folder, JsonElement Config) : Kind(Folder, Config)
    {
        public override IEnumerable<string> Runs() => SavedRuns();

        public override ReplayResult Run(string run, IBackend backend) =>
            throw new NotSupportedException("the network that this folder describes is not built");
    }
}
