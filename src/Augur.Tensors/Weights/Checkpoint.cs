using System.Collections.ObjectModel;

namespace Augur.Tensors.Weights;

/// <summary>
/// An open weight file, or several that belong together. Files are mapped, not read: a tensor costs nothing until its bytes are used.
/// Nothing in a file is trusted, and no code in it is run.
/// </summary>
/// <remarks>
/// A file must not be shortened by others while it is open. Bytes of its tensors must not be used after <see cref="Dispose"/>. Reading from
/// several threads is safe.
/// </remarks>
public sealed class Checkpoint : IDisposable
{
    private readonly List<WeightSource> _sources;

    private Checkpoint(string path, List<WeightSource> sources, CheckpointContents contents)
    {
        (Path, _sources, Format) = (path, sources, contents.Format);
        Tensors = new ReadOnlyDictionary<string, StoredTensor>(contents.Tensors);
        Metadata = new ReadOnlyDictionary<string, string>(contents.Metadata);
    }

    /// <summary>The file that was opened; for a folder, the file chosen in it.</summary>
    public string Path { get; }

    /// <summary>For people: <c>safetensors</c>, <c>safetensors (3 shards)</c>, <c>PyTorch zip</c> or <c>PyTorch legacy</c>.</summary>
    public string Format { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>The file's own notes. For a PyTorch file, <c>state</c> is the key under which the tensors were found, if any.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Name of <see cref="Path"/> without its folder, for messages.</summary>
    internal string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>
    /// Opens a .safetensors file, the .index.json of a sharded one, a PyTorch .pt, .pth or .bin file, or a folder that holds one of these.
    /// </summary>
    /// <remarks>
    /// In a folder, <c>model</c>, <c>diffusion_pytorch_model</c> and <c>weights</c> (.safetensors or .safetensors.index.json) go before other names.
    /// </remarks>
    /// <exception cref="WeightFileException">There is no such file, a folder does not say which file is meant, or the file is damaged or refused.</exception>
    public static Checkpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = CheckpointFolder.FileFor(path);
        if (file.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return OpenShards(file);
        }

        return Create(file, WeightSource.Open(file));
    }

    /// <summary>Reads a checkpoint that is already in memory, such as an embedded resource. The array must not change while it is in use.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="bytes">The content of a .safetensors or PyTorch file.</param>
    /// <exception cref="WeightFileException">The content is damaged or refused.</exception>
    public static Checkpoint FromBytes(string name, byte[] bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(bytes);
        return Create(name, new MemorySource(System.IO.Path.GetFileName(name), bytes));
    }

    /// <summary>Closes the files. Tensors made with <see cref="StoredTensor.ToTensor"/> stay valid.</summary>
    public void Dispose() => _sources.ForEach(s => s.Dispose());

    private static Checkpoint Create(string path, WeightSource source)
    {
        try
        {
            return new Checkpoint(path, [source], CheckpointFormat.Read(source));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static Checkpoint OpenShards(string indexPath)
    {
        using var indexSource = WeightSource.Open(indexPath);
        var index = ShardIndex.Parse(indexSource);
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(indexPath))!;
        var tensors = new Dictionary<string, StoredTensor>();
        var sources = new List<WeightSource>();
        try
        {
            foreach (var (shard, names) in index.Shards)
            {
                var path = System.IO.Path.Combine(folder, shard);
                if (!File.Exists(path))
                {
                    throw indexSource.Error($"the file {WeightFileException.Quote(shard)} that it names is missing.");
                }

                sources.Add(WeightSource.Open(path));
                AddShard(sources[^1], names, tensors);
            }
        }
        catch
        {
            sources.ForEach(s => s.Dispose());
            throw;
        }

        return new Checkpoint(indexPath, sources, new($"safetensors ({sources.Count} shards)", tensors, index.Metadata));
    }

    private static void AddShard(WeightSource source, HashSet<string> names, Dictionary<string, StoredTensor> tensors)
    {
        var contents = SafetensorsReader.Read(source);
        foreach (var name in names)
        {
            tensors.Add(name, contents.Tensors.TryGetValue(name, out var tensor)
                ? tensor
                : throw source.Error($"tensor {WeightFileException.Quote(name)} is missing, although the index places it here."));
        }

        if (contents.Tensors.Keys.FirstOrDefault(n => !names.Contains(n)) is { } extra)
        {
            throw source.Error($"tensor {WeightFileException.Quote(extra)} is not in the index.");
        }
    }
}
