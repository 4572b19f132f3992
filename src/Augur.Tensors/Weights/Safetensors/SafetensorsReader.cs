using System.Buffers.Binary;

namespace Augur.Tensors.Weights;

/// <summary>Reads safetensors: 8 bytes of header length, a JSON header, and the tensors' bytes without gaps or overlaps.</summary>
internal static class SafetensorsReader
{
    /// <summary>The format's own limit.</summary>
    private const long MaxHeaderBytes = 100_000_000;
    private const int LengthBytes = 8;

    public static CheckpointContents Read(WeightSource source)
    {
        if (source.Length < LengthBytes)
        {
            throw source.Error($"is {source.Length} bytes long, too short for the {LengthBytes} bytes that give the header's length.");
        }

        var claimed = BinaryPrimitives.ReadUInt64LittleEndian(source.Slice(0, LengthBytes));
        if (claimed > MaxHeaderBytes)
        {
            throw source.Error($"byte 0: the header would be {claimed} bytes long; the limit is {MaxHeaderBytes}.");
        }

        if ((long)claimed > source.Length - LengthBytes)
        {
            throw source.Error($"byte 0: the header would be {claimed} bytes long, but only {source.Length - LengthBytes} bytes follow.");
        }

        var (entries, metadata) = SafetensorsHeader.Parse(source, source.Slice(LengthBytes, (int)claimed));
        var dataOffset = LengthBytes + (long)claimed;
        RequireExactCover(source, entries, source.Length - dataOffset);
        var tensors = new Dictionary<string, StoredTensor>(entries.Count);
        foreach (var entry in entries)
        {
            tensors.Add(entry.Name, new StoredTensor(source, entry.Name, entry.Type, entry.Shape, dataOffset + entry.Begin));
        }

        return new CheckpointContents("safetensors", tensors, metadata);
    }

    private static void RequireExactCover(WeightSource source, List<SafetensorsEntry> entries, long dataLength)
    {
        foreach (var entry in entries)
        {
            RequireInside(source, entry, dataLength);
        }

        SafetensorsEntry? previous = null;
        foreach (var entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            var end = previous?.End ?? 0;
            if (entry.Begin < end)
            {
                var (one, other) = (WeightFileException.Quote(previous!.Name), WeightFileException.Quote(entry.Name));
                throw source.Error($"tensors {one} and {other} overlap at byte {entry.Begin} of the data.");
            }

            if (entry.Begin > end)
            {
                var name = WeightFileException.Quote(entry.Name);
                throw source.Error($"bytes {end} to {entry.Begin} of the data, before tensor {name}, belong to no tensor.");
            }

            previous = entry;
        }

        if ((previous?.End ?? 0) is var last && last != dataLength)
        {
            throw source.Error($"the data is {dataLength} bytes long, but its last {dataLength - last} bytes belong to no tensor.");
        }
    }

    private static void RequireInside(WeightSource source, SafetensorsEntry entry, long dataLength)
    {
        var name = WeightFileException.Quote(entry.Name);
        if (entry.Begin > entry.End)
        {
            throw source.Error($"tensor {name} would end at byte {entry.End} of the data, before its beginning at {entry.Begin}.");
        }

        if (entry.End > dataLength)
        {
            throw source.Error($"tensor {name} would end at byte {entry.End} of the data, which has only {dataLength} bytes.");
        }

        var needed = entry.Shape.ElementCount * entry.Type.Size();
        if (entry.End - entry.Begin != needed)
        {
            throw source.Error($"tensor {name}, {entry.Type} {entry.Shape}, needs {needed} bytes but has {entry.End - entry.Begin}.");
        }
    }
}
