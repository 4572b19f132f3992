namespace Augur.Tensors.Weights.PyTorch;

/// <summary>Finds the tensors of a model in what a PyTorch file holds, and places them in the file.</summary>
/// <remarks>
/// The rule: the dictionary under <c>ema</c>, else <c>state_dict</c>, else <c>model</c>, else <c>module</c>, if it holds tensors; else the
/// outermost dictionary, if it holds tensors; else the only dictionary in it that does. A <c>module.</c> before every name, which data-parallel
/// training leaves, is dropped.
/// </remarks>
internal static class StateDict
{
    private const string ParallelPrefix = "module.";
    private static readonly string[] s_keys = ["ema", "state_dict", "model", "module"];

    /// <param name="source">The file.</param>
    /// <param name="format">For people.</param>
    /// <param name="root">What the pickle described.</param>
    /// <param name="places">Where the bytes of each storage are, by key.</param>
    public static CheckpointContents Read(WeightSource source, string format, object? root, Dictionary<string, (long Offset, long ByteCount)> places)
    {
        var (key, state) = Choose(source, root);
        var metadata = new Dictionary<string, string>();
        if (key is not null)
        {
            metadata["state"] = key;
        }

        var skipped = 0;
        var tensors = new Dictionary<string, PickledTensor>();
        foreach (var (name, value) in state.Items)
        {
            if (name is not string text || value is not PickledTensor tensor)
            {
                skipped++;
            }
            else if (!tensors.TryAdd(text, tensor))
            {
                throw source.Error($"tensor {WeightFileException.Quote(text)} is listed twice.");
            }
        }

        if (skipped > 0)
        {
            metadata["entries that are not tensors"] = skipped.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var prefix = tensors.Keys.All(n => n.StartsWith(ParallelPrefix, StringComparison.Ordinal)) ? ParallelPrefix : "";
        if (prefix.Length > 0)
        {
            metadata["dropped prefix"] = prefix;
        }

        return new CheckpointContents(
            format, tensors.ToDictionary(t => t.Key[prefix.Length..], t => Place(source, t.Key[prefix.Length..], t.Value, places)), metadata);
    }

    private static (string? Key, PickledDict State) Choose(WeightSource source, object? root)
    {
        if (root is not PickledDict outer)
        {
            throw source.Error("the file holds no dictionary of tensors.");
        }

        var inner = outer.Items.Where(i => i is { Key: string, Value: PickledDict { HasTensors: true } })
            .Select(i => (Key: (string)i.Key!, State: (PickledDict)i.Value!)).ToArray();
        foreach (var key in s_keys)
        {
            if (Array.FindIndex(inner, i => i.Key == key) is var found and >= 0)
            {
                return inner[found];
            }
        }

        if (outer.HasTensors)
        {
            return (null, outer);
        }

        return inner.Length switch
        {
            1 => inner[0],
            0 => throw source.Error("the file holds no dictionary of tensors."),
            _ => throw source.Error($"the file holds several dictionaries of tensors ({List(inner.Select(i => i.Key))}), none under a known key."),
        };
    }

    private static string List(IEnumerable<string> keys) => string.Join(", ", keys.Take(5).Select(k => WeightFileException.Quote(k)));

    private static StoredTensor Place(WeightSource source, string name, PickledTensor tensor, Dictionary<string, (long Offset, long ByteCount)> places)
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
            throw source.Error($"tensor {quoted} lies in a storage of {storage.ElementCount * itemSize} bytes, but the file holds {place.ByteCount} of them.");
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

        // A view that repeats elements could claim any size; no weight needs it.
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
