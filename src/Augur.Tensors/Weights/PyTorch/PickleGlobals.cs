namespace Augur.Tensors.Weights.PyTorch;

/// <summary>
/// The only names that a pickle may import, and what calling them means here. A pickle is a program; it is read as a description, and nothing
/// that it names is ever run.
/// </summary>
internal static class PickleGlobals
{
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string OrderedDict = "collections.OrderedDict";
    private const string Size = "torch.Size";
    private const string Namespace = "argparse.Namespace";
    private const string Encode = "_codecs.encode"; // how protocol 2 spells bytes

    private static readonly Dictionary<string, StoredType> s_storages = new()
    {
        ["torch.DoubleStorage"] = StoredType.Float64,
        ["torch.FloatStorage"] = StoredType.Float32,
        ["torch.HalfStorage"] = StoredType.Float16,
        ["torch.BFloat16Storage"] = StoredType.BFloat16,
        ["torch.LongStorage"] = StoredType.Int64,
        ["torch.IntStorage"] = StoredType.Int32,
        ["torch.ShortStorage"] = StoredType.Int16,
        ["torch.CharStorage"] = StoredType.Int8,
        ["torch.ByteStorage"] = StoredType.UInt8,
        ["torch.BoolStorage"] = StoredType.Bool,
    };

    private static readonly HashSet<string> s_others =
    [
        RebuildTensor, RebuildParameter, OrderedDict, Size, Namespace, Encode,
        "torch.float64", "torch.float32", "torch.float16", "torch.bfloat16",
        "torch.int64", "torch.int32", "torch.int16", "torch.int8", "torch.uint8", "torch.bool",
    ];

    /// <summary>Whether a pickle may import this name.</summary>
    public static bool Allows(string fullName) => s_others.Contains(fullName) || s_storages.ContainsKey(fullName);

    /// <summary>Element type of a storage class, if the name is one.</summary>
    public static bool TryGetStorage(string fullName, out StoredType type) => s_storages.TryGetValue(fullName, out type);

    /// <summary>What a call of an imported name builds; null where the arguments are not what PyTorch writes.</summary>
    public static object? Call(string fullName, object?[] arguments) => (fullName, arguments) switch
    {
        (RebuildTensor, [PickledStorage storage, long offset, PickledTuple extents, PickledTuple strides, ..]) =>
            Integers(extents) is { } sizes && Integers(strides) is { } steps ? new PickledTensor(storage, offset, sizes, steps) : null,
        (RebuildParameter, [PickledTensor tensor, ..]) => tensor,
        (OrderedDict, []) => new PickledDict(),
        (Size, [PickledTuple extents]) => extents,
        (Namespace, []) => new PickledOpaque(Namespace),
        (Encode, [string, string]) => new PickledOpaque("bytes"),
        _ => null,
    };

    // A little over the largest rank is enough: what has more axes is refused later, by name.
    private static long[]? Integers(PickledTuple tuple) => tuple.Items.Length <= 64 && tuple.Items.All(i => i is long)
        ? [.. tuple.Items.Cast<long>()]
        : null;
}
