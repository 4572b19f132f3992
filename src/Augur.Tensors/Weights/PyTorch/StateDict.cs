namespace Augur.Tensors.Weights.PyTorch;

/// <summary>Finds a model's tensors in the content of a PyTorch file and their positions in the file.</summary>
/// <remarks>
/// The rule: the dictionary under <c>state_dict</c>, else <c>model</c>, else <c>module</c>, if it holds tensors; else the outermost one; else the
/// only one that does. If another dictionary, recognised by its name, holds averages of the same tensors, it is taken, and the metadata says so.
/// </remarks>
internal static class StateDict
{
    private const int MaxDepth = 4;
    private const int LongestKey = 64;
    private const int OutermostRank = 3;
    private static readonly string[] s_keys = ["state_dict", "model", "module"];
    private static readonly string[] s_notModels = ["opt", "optimizer", "optimizer_states", "callbacks", "lr_schedulers", "loops", "rng_states"];

    /// <param name="source">The file.</param>
    /// <param name="format">Format, for display.</param>
    /// <param name="described">What the pickle described.</param>
    /// <param name="places">Position of the bytes of each storage, by key.</param>
    public static CheckpointContents Read(
        WeightSource source, string format, PickleContents described, Dictionary<string, (long Offset, long ByteCount)> places)
    {
        var metadata = new Dictionary<string, string>();
        if (described.NotCalled.Count > 0)
        {
            metadata["objects not made"] = string.Join(", ", described.NotCalled.Select(n => WeightFileException.Printable(n)));
        }

        var state = Choose(source, described.Value, metadata);
        var (skipped, tensors, unreadable) = (0, new Dictionary<string, StoredTensor>(), new Dictionary<string, string>());
        foreach (var (key, value) in state.Items)
        {
            switch (key, value)
            {
                case (string name, PickledTensor tensor):
                    if (!tensors.TryAdd(name, Place(source, name, tensor, places)))
                    {
                        throw source.Error($"tensor {WeightFileException.Quote(name)} is listed twice.");
                    }

                    break;
                case (string name, PickledOpaque opaque):
                    unreadable[name] = $"an object of {WeightFileException.Quote(opaque.What)}";
                    break;
                default:
                    skipped++;
                    break;
            }
        }

        if (skipped + unreadable.Count > 0)
        {
            metadata["entries that are not tensors"] = (skipped + unreadable.Count).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return new CheckpointContents(format, tensors, metadata) { Unreadable = unreadable };
    }

    private static PickledDict Choose(WeightSource source, object? root, Dictionary<string, string> metadata)
    {
        var found = new List<Candidate>();
        Collect("", root as PickledDict, 0, new HashSet<PickledDict>(ReferenceEqualityComparer.Instance), found);
        Candidate[] raw = [.. found.Where(c => !c.IsAveraged).OrderBy(c => c.Rank)];
        var first = raw.FirstOrDefault();
        Candidate[] averaged = [.. found.Where(c => c.IsAveraged && (first is null || c.SharesNamesWith(first)))];
        var chosen = averaged.Length switch
        {
            0 => first ?? throw source.Error(root is PickledOpaque whole
                ? $"the file holds an object of {WeightFileException.Quote(whole.What)}, which nothing here makes, and no dictionary of tensors; "
                    + "save its state_dict."
                : "the file holds no dictionary of tensors."),
            1 => averaged[0],
            _ => throw source.Error($"the file holds several averages of its weights ({List(averaged)}); nothing says which is meant."),
        };
        Candidate[] same = [.. raw.Where(c => c.Rank == first!.Rank)];
        if (averaged.Length == 0 && same.Length > 1)
        {
            throw source.Error($"the file holds several dictionaries of tensors ({List(same)}), none under a known key.");
        }

        if (averaged.Length == 0 && raw.Skip(1).FirstOrDefault(c => c.SharesNamesWith(first!)) is { } rival)
        {
            throw source.Error($"the file holds two networks with the same names ({List([first!, rival])}); nothing says which is meant.");
        }

        if (chosen.Path.Length > 0)
        {
            metadata["state"] = WeightFileException.Printable(chosen.Path);
        }

        if (averaged.Length == 1 && first is not null)
        {
            metadata[CheckpointContents.ChoiceKey] = WrapperNames.Choice(chosen.Path, first.Path);
        }

        return chosen.State;
    }

    // Visits each dictionary once, even if it is referred to several times.
    private static void Collect(string path, PickledDict? dictionary, int depth, HashSet<PickledDict> seen, List<Candidate> found)
    {
        if (dictionary is null || !seen.Add(dictionary))
        {
            return;
        }

        if (dictionary.HasTensors)
        {
            found.Add(new Candidate(path, depth, dictionary));
        }

        foreach (var (key, value) in depth < MaxDepth ? dictionary.Items : [])
        {
            if (key is string { Length: <= LongestKey } name && value is PickledDict inner && !(depth == 0 && s_notModels.Contains(name)))
            {
                Collect(depth == 0 ? name : $"{path}.{name}", inner, depth + 1, seen, found);
            }
        }
    }

    private sealed record Candidate(string Path, int Depth, PickledDict State)
    {
        private HashSet<string>? _names;

        public bool IsAveraged { get; } = WrapperNames.IsAveraged(Path);

        /// <summary>Order of preference: known keys, the outermost dictionary, others; then smaller depth.</summary>
        public (int Kind, int Depth) Rank => (Depth == 0 ? OutermostRank
            : Array.IndexOf(s_keys, Path[(Path.LastIndexOf('.') + 1)..]) is var known and >= 0 ? known : OutermostRank + 1, Depth);

        private HashSet<string> Names =>
            _names ??= [.. State.Items.Where(i => i is { Key: string, Value: PickledTensor }).Select(i => WrapperNames.Bare((string)i.Key!))];

        public bool SharesNamesWith(Candidate other) => Names.Overlaps(other.Names);
    }

    private static string List(IEnumerable<Candidate> candidates) =>
        string.Join(", ", candidates.Take(5).Select(c => WeightFileException.Quote(c.Path.Length == 0 ? "(outermost)" : c.Path)));

    private static StoredTensor Place(
        WeightSource source, string name, PickledTensor tensor, Dictionary<string, (long Offset, long ByteCount)> places)
    {
        var quoted = WeightFileException.Quote(name);
        var storage = tensor.Storage;
        if (!places.TryGetValue(storage.Key, out var place))
        {
            throw source.Error($"tensor {quoted} lies in storage {WeightFileException.Quote(storage.Key)}, which the file does not hold.");
        }

        var itemSize = storage.Type.Size();
        if (storage.ElementCount * itemSize != place.ByteCount)
        {
            throw source.Error(
                $"tensor {quoted} lies in a storage of {storage.ElementCount * itemSize} bytes, but the file holds {place.ByteCount} of them.");
        }

        var shape = StoredShape.Create(source, name, tensor.Extents);
        if (tensor.Strides.Length != shape.Rank || tensor.Strides.Any(s => s < 0) || tensor.Offset < 0)
        {
            throw source.Error($"tensor {quoted} {shape} has impossible strides or a negative offset.");
        }

        if (shape.ElementCount == 0)
        {
            return new StoredTensor(source, name, storage.Type, shape, place.Offset);
        }

        RequireInside(source, quoted, shape, tensor);
        var offset = place.Offset + (tensor.Offset * itemSize);
        return new StoredTensor(source, name, storage.Type, shape, offset, IsDense(shape, tensor.Strides) ? null : tensor.Strides);
    }

    private static void RequireInside(WeightSource source, string name, Shape shape, PickledTensor tensor)
    {
        Int128 last = tensor.Offset;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            last += (Int128)(shape[axis] - 1) * tensor.Strides[axis];
        }

        if (last >= tensor.Storage.ElementCount)
        {
            throw source.Error($"tensor {name} {shape} would reach element {last} of a storage that has {tensor.Storage.ElementCount}.");
        }

        // Views that repeat elements are refused: they could claim any size, and no weight needs them.
        if (shape.ElementCount > tensor.Storage.ElementCount)
        {
            throw source.Error($"tensor {name} {shape} has more elements than its storage, which has {tensor.Storage.ElementCount}.");
        }
    }

    private static bool IsDense(Shape shape, long[] strides)
    {
        long expected = 1;
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected)
            {
                return false;
            }

            expected *= shape[axis];
        }

        return true;
    }
}
