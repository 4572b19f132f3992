using Augur.Tensors.Weights;

namespace Augur.Fuzz;

/// <summary>A model folder that loads, from which inputs are made.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Files">Content by path inside the folder.</param>
/// <param name="Autoencoder">Path inside the folder of the autoencoder that must be given; none where the folder says it itself.</param>
internal sealed record FolderSeed(string Name, IReadOnlyDictionary<string, byte[]> Files, string? Autoencoder)
{
    /// <summary>Our layout, shards of two kinds, a training checkpoint and two pipelines of diffusers, from tests/fixtures/field-faults.</summary>
    public static IReadOnlyList<FolderSeed> All(string fixtures)
    {
        var vae = Read(Path.Combine(fixtures, "vae"), "vae/");
        var pipeline = Read(Path.Combine(fixtures, "pipelines/oldpipe"), "");
        return
        [
            new("ours", With(Read(Path.Combine(fixtures, "dit"), ""), vae), "vae"),
            new("training", With(Read(Path.Combine(fixtures, "pickles/ema_shadow"), ""), vae), "vae"),
            new("shards", With(Read(Path.Combine(fixtures, "shards/fp16only"), ""), vae), "vae"),
            new("pickled-shards", With(Read(Path.Combine(fixtures, "shards/bin_index"), ""), vae), "vae"),
            new("pipeline", pipeline, null),
            new("safetensors-pipeline", InSafetensors(pipeline), null),
        ];
    }

    private static Dictionary<string, byte[]> Read(string folder, string prefix) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .ToDictionary(f => prefix + Path.GetRelativePath(folder, f).Replace('\\', '/'), File.ReadAllBytes);

    private static Dictionary<string, byte[]> With(Dictionary<string, byte[]> files, Dictionary<string, byte[]> more) =>
        files.Concat(more).ToDictionary();

    private static Dictionary<string, byte[]> InSafetensors(Dictionary<string, byte[]> files) => files.ToDictionary(
        f => Path.ChangeExtension(f.Key, f.Key.EndsWith(".bin", StringComparison.Ordinal) ? ".safetensors" : Path.GetExtension(f.Key)),
        f => f.Key.EndsWith(".bin", StringComparison.Ordinal) ? InSafetensors(f.Key, f.Value) : f.Value);

    private static byte[] InSafetensors(string name, byte[] bytes)
    {
        using var checkpoint = Checkpoint.FromBytes(name, bytes);
        var writer = new SafetensorsWriter();
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            writer.Add(tensor.Name, tensor.ToSingles(), tensor.Shape);
        }

        return writer.ToArray();
    }
}
