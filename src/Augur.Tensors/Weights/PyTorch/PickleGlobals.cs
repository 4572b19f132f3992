namespace Augur.Tensors.Weights.PyTorch;

/// <summary>
/// The meaning of calls to the names that a pickle imports. Nothing that a pickle names is ever run: calls are interpreted as descriptions, and a
/// call to a name that is not listed here becomes a <see cref="PickledOpaque"/>.
/// </summary>
internal static class PickleGlobals
{
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string OrderedDict = "collections.OrderedDict";
    private const string Size = "torch.Size";
    private const string RebuildFromType = "torch._tensor._rebuild_from_type_v2"; // a tensor with attributes: function, class, arguments, state

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

    /// <summary>Element type of a storage class, if the name is one.</summary>
    public static bool TryGetStorage(string fullName, out StoredType type) => s_storages.TryGetValue(fullName, out type);

    /// <summary>What a call of an imported name builds.</summary>
    public static object Call(string fullName, object?[] arguments) => (fullName, arguments) switch
    {
        (RebuildTensor, [PickledStorage storage, long offset, PickledTuple extents, PickledTuple strides, ..]) =>
            Integers(extents) is { } sizes && Integers(strides) is { } steps
                ? new PickledTensor(storage, offset, sizes, steps)
                : new PickledOpaque(fullName),
        (RebuildParameter, [PickledTensor tensor, ..]) => tensor,
        (RebuildFromType, [PickledGlobal { FullName: RebuildTensor }, _, PickledTuple inner, ..]) => Call(RebuildTensor, inner.Items),
        (OrderedDict, []) => new PickledDict(),
        (OrderedDict, [PickledList pairs]) => Dictionary(pairs) ?? (object)new PickledOpaque(fullName), // as Python 2 wrote it
        (Size, [PickledTuple extents]) => extents,
        _ => new PickledOpaque(fullName),
    };

    private static PickledDict? Dictionary(PickledList pairs)
    {
        var dictionary = new PickledDict();
        foreach (var pair in pairs.Items)
        {
            if ((pair is PickledList list ? [.. list.Items] : (pair as PickledTuple)?.Items) is not [var key, var value])
            {
                return null;
            }

            dictionary.Add(key, value);
        }

        return dictionary;
    }

    // Shapes with more axes than supported are accepted here and refused later, with the name of the tensor.
    private static long[]? Integers(PickledTuple tuple) => tuple.Items.Length <= 64 && tuple.Items.All(i => i is long)
        ? [.. tuple.Items.Cast<long>()]
        : null;
}
