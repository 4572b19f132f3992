namespace Augur.Tensors.Weights.PyTorch;

// The values that a pickle can contain. None is null; True, int, float and str are bool, long or BigInteger, double and string.

/// <summary>A list.</summary>
internal sealed record PickledList(List<object?> Items);

/// <summary>A tuple, or a torch.Size.</summary>
internal sealed record PickledTuple(object?[] Items);

/// <summary>A dict or OrderedDict, as the list of its assignments. Keys are not hashed, so that chosen collisions have no effect.</summary>
internal class PickledDict
{
    private List<(object? Key, object? Value)>? _items;

    public IReadOnlyList<(object? Key, object? Value)> Items => _items ?? (IReadOnlyList<(object? Key, object? Value)>)[];

    /// <summary>Whether it holds a tensor. Maintained incrementally, so that many references to one dictionary stay cheap.</summary>
    public bool HasTensors { get; private set; }

    public void Add(object? key, object? value)
    {
        (_items ??= []).Add((key, value));
        HasTensors |= key is string && value is PickledTensor;
    }
}

/// <summary>
/// Result of a call that is not interpreted: bytes, settings, an object of a class. Only the called name is known. Items that are set on it are kept,
/// because some classes are dictionaries.
/// </summary>
internal sealed class PickledOpaque(string what) : PickledDict
{
    /// <summary>The name that is called, or what kind of thing it is.</summary>
    public string What => what;
}

/// <summary>A name that the pickle imports; it is only compared, never resolved.</summary>
internal sealed record PickledGlobal(string FullName);

/// <summary>A block of elements in the file, found by its key.</summary>
internal sealed record PickledStorage(string Key, StoredType Type, long ElementCount);

/// <summary>A view of a storage, all in elements; nothing about it is checked yet.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Extents, long[] Strides);
