namespace Augur.Tensors.Weights.PyTorch;

// What a pickle can turn into here. None is null; True, int, float and str are bool, long or BigInteger, double and string.

/// <summary>A list.</summary>
internal sealed record PickledList(List<object?> Items);

/// <summary>A tuple, or a torch.Size.</summary>
internal sealed record PickledTuple(object?[] Items);

/// <summary>A dict or OrderedDict, as the list of its assignments: no key is hashed, so hostile keys cost nothing.</summary>
internal class PickledDict
{
    private List<(object? Key, object? Value)>? _items;

    public IReadOnlyList<(object? Key, object? Value)> Items => _items ?? (IReadOnlyList<(object? Key, object? Value)>)[];

    /// <summary>
    /// Whether a tensor stands under a name. Kept up to date, because asking a thousand references to one dictionary must stay cheap.
    /// </summary>
    public bool HasTensors { get; private set; }

    public void Add(object? key, object? value)
    {
        (_items ??= []).Add((key, value));
        HasTensors |= key is string && value is PickledTensor;
    }
}

/// <summary>
/// What a call would have made, had it been run: bytes, settings, a class's object. Nothing of it is known but what its making names; items that are
/// set on it are kept, because some classes are dictionaries.
/// </summary>
internal sealed class PickledOpaque(string what) : PickledDict
{
    /// <summary>The name that is called, or what kind of thing it is.</summary>
    public string What => what;
}

/// <summary>A name that the pickle imports; it is only ever compared.</summary>
internal sealed record PickledGlobal(string FullName);

/// <summary>A block of elements in the file, found by its key.</summary>
internal sealed record PickledStorage(string Key, StoredType Type, long ElementCount);

/// <summary>A view of a storage, all in elements; nothing about it is checked yet.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Extents, long[] Strides);
