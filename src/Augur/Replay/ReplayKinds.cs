using System.Text.Json;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>
/// A kind of fixture folder: how it is recognised by its config.json (an empty object where there is none), which runs it has, and how one is
/// replayed.
/// </summary>
/// <param name="Is">Whether a folder with such a configuration is of this kind.</param>
/// <param name="Runs">Names of its runs, in order.</param>
/// <param name="Run">Replays one: folder, run, configuration, backend.</param>
internal sealed record ReplayKind(
    Func<string, JsonElement, bool> Is,
    Func<string, JsonElement, IEnumerable<string>> Runs,
    Func<string, string, JsonElement, IBackend, ReplayResult> Run);

/// <summary>The kinds of fixture folders that are known; one more is one line.</summary>
internal static class ReplayKinds
{
    private static readonly ReplayKind[] s_known =
    [
        new((_, config) => Has(config, "loops") && Has(config, "cfg"), DitCoreReplay.Runs, DitCoreReplay.Run),
        new((_, config) => LladaFolder.Is(config), (folder, _) => SavedRuns(folder), LladaFolder.Run),
        new((_, config) => Flux2Replay.Is(config), (folder, _) => SavedRuns(folder), Flux2Replay.Run),
        new((_, config) => CausalAutoencoderReplay.Is(config), (folder, _) => SavedRuns(folder), CausalAutoencoderReplay.Run),
        new((_, config) => ZImageReplay.Is(config), (folder, _) => SavedRuns(folder), ZImageReplay.Run),
        new((_, config) => QwenImageReplay.Is(config), (folder, _) => SavedRuns(folder), QwenImageReplay.Run),
        new((_, config) => EEditFolder.Is(config), (folder, _) => EEditFolder.Runs(folder), EEditFolder.Run),
        new((_, config) => FluxFolder.Is(config), FluxFolder.Runs, FluxFolder.Run),
        new((_, config) => PixArtFolder.Is(config), (folder, _) => SavedRuns(folder), PixArtFolder.Run),
        new((_, config) => Sd3Folder.Is(config), (folder, _) => SavedRuns(folder), Sd3Folder.Run),
        new((_, config) => UNetFolder.Is(config), UNetFolder.Runs, UNetFolder.Run),
        new((_, config) => SamplersFolder.Is(config), (folder, _) => SavedRuns(folder), SamplersFolder.Run),
        new((_, config) => DepthFolder.Is(config), DepthFolder.Runs, DepthFolder.Run),
        new((_, config) => CompressionFolder.Is(config), (folder, _) => SavedRuns(folder), CompressionFolder.Run),
        new((_, config) => UVitFolder.Is(config), (folder, _) => SavedRuns(folder), UVitFolder.Run),
        new(
            (folder, config) => Has(config, "params") && File.Exists(Path.Combine(folder, "decode_encode.safetensors")),
            (_, _) => ["decode_encode"],
            AutoencoderReplay.RunOriginal),
        new((folder, config) => SingleFileReplay.Is(folder, config), (folder, _) => SingleFileReplay.Runs(folder), SingleFileReplay.Run),
        new((_, config) => Has(config, "sched") || Has(config, "vae") || Has(config, "dit"), DiffusersReplay.Runs, DiffusersReplay.Run),
        new(TextEncoderReplay.Is, (folder, _) => SavedRuns(folder), TextEncoderReplay.Run),
        new((_, config) => Has(config, "models") && Has(config, "rope_tables"), (folder, _) => SavedRuns(folder), DecoderReplay.Run),
        new(
            (_, config) => config.TryGetProperty("params", out var sizes) && Has(sizes, "num_buckets"),
            (folder, _) => SavedRuns(folder),
            UmT5Replay.Run),
        new(TokenizerReplay.Is, TokenizerReplay.Runs, TokenizerReplay.Run),
        new(
            (_, config) => config.TryGetProperty("cfg", out var sizes) && Has(sizes, "input_size"),
            (folder, _) => SavedRuns(folder),
            DitRunReplay.Run),
        new((folder, _) => LoraReplay.Is(folder), (folder, _) => LoraReplay.Runs(folder), LoraReplay.Run),
        new(
            (folder, _) => GgufReplay.Is(folder),
            (folder, _) => GgufReplay.Runs(folder),
            (folder, run, _, backend) => GgufReplay.Run(folder, run, backend)),
    ];

    /// <summary>A folder of no known kind.</summary>
    public static ReplayKind Unknown { get; } = new(
        (_, _) => true,
        (folder, _) => SavedRuns(folder),
        (_, _, _, _) => throw new NotSupportedException("the network that this folder describes is not built"));

    /// <summary>The kind of a folder.</summary>
    public static ReplayKind Of(string folder, JsonElement config) => s_known.FirstOrDefault(kind => kind.Is(folder, config)) ?? Unknown;

    /// <summary>Names of the runs that have a file of tensors.</summary>
    public static IEnumerable<string> SavedRuns(string folder) => Directory.EnumerateFiles(folder, "*.safetensors")
        .Select(file => Path.GetFileNameWithoutExtension(file)!)
        .Where(name => !name.EndsWith("weights", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static bool Has(JsonElement config, string name) => config.TryGetProperty(name, out _);
}
