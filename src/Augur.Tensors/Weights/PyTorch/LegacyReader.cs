using System.Buffers.Binary;

namespace Augur.Tensors.Weights.PyTorch;

/// <summary>
/// Reads what torch.save wrote before version 1.6: five pickles (magic number, version, byte order, the object, the keys of its storages), then
/// each storage as its number of elements and its bytes.
/// </summary>
internal static class LegacyReader
{
    private const long Version = 1001;

    public static CheckpointContents Read(WeightSource source)
    {
        long position = 0;
        _ = Next(source, ref position).Value; // the magic number, by which the format was recognised
        if (Next(source, ref position).Value is not Version)
        {
            throw source.Error($"does not have version {Version} of the legacy PyTorch format.");
        }

        if (Next(source, ref position).Value is not PickledDict system || !system.Items.Contains(("little_endian", true)))
        {
            throw source.Error("was written by a big-endian machine, which is not supported.");
        }

        var described = Next(source, ref position);
        if (Next(source, ref position).Value is not PickledList keys)
        {
            throw source.Error($"byte {position}: the list of storages is expected here.");
        }

        return StateDict.Read(source, "PyTorch legacy", described, PlaceStorages(source, position, keys, described.Storages));
    }

    private static Dictionary<string, (long Offset, long ByteCount)> PlaceStorages(
        WeightSource source, long position, PickledList keys, Dictionary<string, PickledStorage> storages)
    {
        var places = new Dictionary<string, (long, long)>();
        foreach (var item in keys.Items)
        {
            if (item is not string key || !storages.TryGetValue(key, out var storage) || places.ContainsKey(key))
            {
                throw source.Error("the list of storages names one that the pickle does not, or one twice.");
            }

            var count = BinaryPrimitives.ReadInt64LittleEndian(source.Read(position, sizeof(long), $"storage {WeightFileException.Quote(key)}"));
            position += sizeof(long);
            var itemSize = storage.Type.Size();
            if (count < 0 || count > (source.Length - position) / itemSize)
            {
                throw source.Error(
                    $"storage {WeightFileException.Quote(key)} would have {count} elements from byte {position} on, "
                    + $"but the file has {source.Length} bytes.");
            }

            places.Add(key, (position, count * itemSize));
            position += count * itemSize;
        }

        return position == source.Length
            ? places
            : throw source.Error($"byte {position}: more follows the last storage.");
    }

    private static PickleContents Next(WeightSource source, ref long position) =>
        PickleReader.Read(source, ref position, source.Length);
}
