using System.Collections.ObjectModel;

namespace Augur.Tensors.Weights;

/// <summary>
/// An open weight file, or several that belong together. Files are mapped, not read: a tensor costs nothing until its bytes are used. Files are
/// untrusted, and no code in them is run.
/// </summary>
/// <remarks>
/// A file must not be shortened by others while it is open. Bytes of its tensors must not be used after <see cref="Dispose"/>. Reading from several
/// threads is safe.
/// </remarks>
public sealed class Checkpoint : IDisposable
{
    private readonly List<WeightSource> _sources;

    private Checkpoint(string path, List<WeightSource> sources, CheckpointContents contents)
    {
        (Path, _sources, Format) = (path, sources, contents.Format);
        Tensors = new ReadOnlyDictionary<string, StoredTensor>(contents.Tensors);
        Metadata = new ReadOnlyDictionary<string, string>(contents.Metadata);
        Unreadable = contents.Unreadable;
    }

    /// <summary>The file that was opened; for a folder, the file chosen in it.</summary>
    public string Path { get; }

    /// <summary>
    /// Format, for display: <c>safetensors</c>, <c>safetensors (3 shards)</c>, <c>PyTorch zip</c>, <c>PyTorch legacy</c>, <c>GGUF 3</c>.
    /// </summary>
    public string Format { get; }

    /// <summary>
    /// The tensors by their names in the model's code: prefixes that wrappers add to every name (<c>module.</c>, <c>_orig_mod.</c>, <c>model.</c>)
    /// are removed.
    /// </summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>
    /// The file's metadata, and further entries: <c>state</c> is the key of the dictionary of tensors in a PyTorch file, <c>dropped prefix</c> the
    /// removed prefix of names, <c>objects not made</c> the other objects that the pickle would create.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Which weights were taken if the file holds both the weights of training and their average; null if there was no choice.</summary>
    public string? Choice => Metadata.GetValueOrDefault(CheckpointContents.ChoiceKey);

    /// <summary>Entries beside the tensors that could not be read: name and kind.</summary>
    internal IReadOnlyDictionary<string, string> Unreadable { get; }

    /// <summary>Name of <see cref="Path"/> without its folder, for messages.</summary>
    internal string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>
    /// Opens a .safetensors file, the .index.json of a file in shards, a PyTorch .pt, .pth or .bin file, a .gguf file, or a folder that holds one of
    /// these.
    /// </summary>
    /// <remarks>
    /// In a folder, <c>model</c>, <c>diffusion_pytorch_model</c>, <c>pytorch_model</c> and <c>weights</c> have precedence over other names; among
    /// these, files without a variant (such as fp16) over those with one, and safetensors over pickles.
    /// </remarks>
    /// <exception cref="WeightFileException">
    /// There is no such file, a folder has several possible files, or the file is damaged or refused.
    /// </exception>
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

    /// <summary>
    /// Opens one part of a file that holds several: only the tensors whose names begin with a prefix, under the names that follow it.
    /// </summary>
    /// <param name="path">As for <see cref="Open(string)"/>.</param>
    /// <param name="prefix">With its last dot, as <c>vae.</c>; empty: the whole file.</param>
    /// <exception cref="WeightFileException">As for <see cref="Open(string)"/>.</exception>
    public static Checkpoint Open(string path, string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var whole = Open(path);
        return prefix.Length == 0 ? whole : whole.Narrowed(prefix);
    }

    /// <summary>Reads a checkpoint that is already in memory, such as an embedded resource. The array must not change while it is in use.</summary>
    /// <param name="name">Name for messages.</param>
    /// <param name="bytes">The content of a .safetensors, PyTorch or GGUF file.</param>
    /// <exception cref="WeightFileException">The content is damaged or refused.</exception>
    public static Checkpoint FromBytes(string name, byte[] bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(bytes);
        return Create(name, new MemorySource(System.IO.Path.GetFileName(name), bytes));
    }

    /// <summary>The same files with some of their tensors changed; this checkpoint is taken over and no longer used.</summary>
    /// <param name="changes">What is changed, in this order.</param>
    /// <exception cref="WeightFileException">There is no such tensor, or it has other rows or columns.</exception>
    public Checkpoint With(IReadOnlyCollection<WeightChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Count == 0)
        {
            return this;
        }

        var contents = new CheckpointContents(Format, new(Tensors), new(Metadata)) { Unreadable = new(Unreadable) };
        try
        {
            foreach (var ofOne in changes.GroupBy(change => change.Name))
            {
                contents.Tensors[ofOne.Key] = Tensors.TryGetValue(ofOne.Key, out var stored) ? stored.With([.. ofOne])
                    : throw new WeightFileException(
                        $"{FileName}: tensor {WeightFileException.Quote(ofOne.Key)}, which is to be changed, is missing.");
            }

            return new Checkpoint(Path, _sources, contents);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Closes the files. Tensors made with <see cref="StoredTensor.ToTensor"/> stay valid.</summary>
    public void Dispose() => _sources.ForEach(s => s.Dispose());

    // Takes the files over.
    private Checkpoint Narrowed(string prefix)
    {
        try
        {
            var part = new CheckpointContents(Format, [], new Dictionary<string, string>(Metadata));
            foreach (var (name, tensor) in Tensors.Where(t => IsBelow(t.Key)))
            {
                part.Tensors.Add(name[prefix.Length..], tensor.Named(name[prefix.Length..]));
            }

            foreach (var (name, what) in Unreadable.Where(u => IsBelow(u.Key)))
            {
                part.Unreadable[name[prefix.Length..]] = what;
            }

            return new Checkpoint(Path, _sources, WrapperNames.Unwrap(FileName, part));
        }
        catch
        {
            Dispose();
            throw;
        }

        bool IsBelow(string name) => name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal);
    }

    private static Checkpoint Create(string path, WeightSource source)
    {
        try
        {
            var contents = Float8Scales.Attach(source.FileName, CheckpointFormat.Read(source));
            return new Checkpoint(path, [source], WrapperNames.Unwrap(source.FileName, contents));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static Checkpoint OpenShards(string indexPath)
    {
        var index = ShardIndex.Read(indexPath);
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(indexPath))!;
        var whole = new CheckpointContents("", [], index.Metadata);
        var (formats, sources) = (new HashSet<string>(), new List<WeightSource>());
        try
        {
            foreach (var (shard, names) in index.Shards)
            {
                var path = System.IO.Path.Combine(folder, shard);
                if (!File.Exists(path))
                {
                    throw new WeightFileException($"{indexPath}: the file {WeightFileException.Quote(shard)} that it names is missing.");
                }

                sources.Add(WeightSource.Open(path));
                formats.Add(AddShard(sources[^1], names, whole));
            }

            whole = whole with { Format = $"{string.Join(" and ", formats)} ({sources.Count} {(sources.Count == 1 ? "shard" : "shards")})" };
            var name = System.IO.Path.GetFileName(indexPath);
            return new Checkpoint(indexPath, sources, WrapperNames.Unwrap(name, Float8Scales.Attach(name, whole)));
        }
        catch
        {
            sources.ForEach(s => s.Dispose());
            throw;
        }
    }

    private static string AddShard(WeightSource source, HashSet<string> names, CheckpointContents whole)
    {
        var contents = CheckpointFormat.Read(source);
        foreach (var name in names)
        {
            if (contents.Tensors.TryGetValue(name, out var tensor))
            {
                whole.Tensors.Add(name, tensor);
            }
            else if (contents.Unreadable.TryGetValue(name, out var what))
            {
                whole.Unreadable[name] = what;
            }
            else
            {
                throw source.Error($"tensor {WeightFileException.Quote(name)} is missing, although the index places it here.");
            }
        }

        return contents.Tensors.Keys.FirstOrDefault(n => !names.Contains(n)) is { } extra
            ? throw source.Error($"tensor {WeightFileException.Quote(extra)} is not in the index.")
            : contents.Format;
    }
}
