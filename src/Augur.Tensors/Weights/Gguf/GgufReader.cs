using System.Buffers.Binary;
using System.Globalization;

namespace Augur.Tensors.Weights.Gguf;

/// <summary>
/// Reads GGUF, versions 2 and 3: counts, metadata, a table of tensors with their extents (innermost first), types and places, and aligned data.
/// Shapes are turned around, and tensors that a converter stored in another shape get their own back. Tensors stay in their blocks.
/// </summary>
internal static class GgufReader
{
    private const int MostAxes = 4;
    private const int MostNameBytes = 255; // image models have names beyond the 63 that ggml allows
    private const int LeastMetadataBytes = 13, LeastTensorBytes = 24;

    /// <exception cref="WeightFileException">The file is damaged, or holds what is not read.</exception>
    public static CheckpointContents Read(WeightSource source)
    {
        var cursor = new GgufCursor(source);
        var version = Version(source, cursor);
        var tensorCount = cursor.Count(1, "the number of tensors"); // checked again where their table begins
        var metadataCount = cursor.Count(LeastMetadataBytes, "the number of metadata entries");
        var metadata = GgufMetadata.Read(source, cursor, metadataCount);
        if (tensorCount > cursor.Remaining / LeastTensorBytes)
        {
            throw source.Error(
                $"byte 8: the number of tensors is {tensorCount}, more than the {cursor.Remaining} bytes after the metadata can hold.");
        }

        var infos = new List<Info>();
        for (long i = 0; i < tensorCount; i++)
        {
            infos.Add(ReadInfo(source, cursor, metadata));
        }

        var start = (cursor.Position + metadata.DataAlignment - 1) / metadata.DataAlignment * metadata.DataAlignment;
        RequirePlaces(source, infos, metadata.DataAlignment, source.Length - start);
        var tensors = new Dictionary<string, StoredTensor>();
        foreach (var info in infos)
        {
            var stored = new StoredTensor(source, info.Name, info.Type, info.Shape, start + info.Offset);
            if (!tensors.TryAdd(info.Name, stored))
            {
                throw source.Error($"tensor {WeightFileException.Quote(info.Name)} is listed twice.");
            }
        }

        var architecture = metadata.Entries.GetValueOrDefault(GgufMetadata.Architecture);
        var format = architecture is null ? $"GGUF {version}" : $"GGUF {version}, {WeightFileException.Printable(architecture)}";
        return GgufNames.Translate(source, new CheckpointContents(format, tensors, metadata.Entries));
    }

    private static uint Version(WeightSource source, GgufCursor cursor)
    {
        if (source.Length < 8)
        {
            throw source.Error($"is {source.Length} bytes long, too short for the beginning of a GGUF file.");
        }

        if (!cursor.Take(4, "the magic number").SequenceEqual("GGUF"u8))
        {
            throw source.Error("does not begin with GGUF.");
        }

        var version = cursor.UInt32("the version");
        return version switch
        {
            2 or 3 => version,
            1 => throw source.Error("is GGUF of version 1, which is no longer read; versions 2 and 3 are."),
            _ when BinaryPrimitives.ReverseEndianness(version) is 2 or 3 =>
                throw source.Error("is a big-endian GGUF file; only little-endian ones are read."),
            _ => throw source.Error($"is GGUF of the unknown version {version}; versions 2 and 3 are read."),
        };
    }

    private static Info ReadInfo(WeightSource source, GgufCursor cursor, GgufMetadata metadata)
    {
        var name = cursor.Text(MostNameBytes, "a tensor's name");
        if (name.Length == 0)
        {
            throw source.Error($"byte {cursor.Position}: a tensor has no name.");
        }

        var tensor = $"tensor {WeightFileException.Quote(name)}";
        var axes = cursor.UInt32($"the number of axes of {tensor}");
        if (axes > MostAxes)
        {
            throw source.Error($"{tensor} has {axes} axes; at most {MostAxes} are possible.");
        }

        var extents = new long[axes];
        for (var i = 0; i < axes; i++)
        {
            var extent = cursor.UInt64($"the shape of {tensor}");
            extents[axes - 1 - i] = extent <= long.MaxValue ? (long)extent
                : throw source.Error($"{tensor} has the impossible extent {extent}.");
        }

        var id = cursor.UInt32($"the type of {tensor}");
        var offset = cursor.UInt64($"the place of {tensor}");
        var type = GgufTypes.TryGet(id, out var known) ? known
            : throw source.Error($"{tensor} is of type {GgufTypes.Describe(id)}; it is not read.");
        var stored = StoredShape.Create(source, name, extents);
        var block = GgufTypes.BlockElements(type);
        if (block > 1 && (axes == 0 || extents[^1] % block != 0))
        {
            throw source.Error($"{tensor} {stored} has rows that are not whole {type} blocks of {block} numbers.");
        }

        return new Info(name, type, Original(source, metadata, name, stored), offset <= long.MaxValue ? (long)offset
            : throw source.Error($"{tensor} would begin at byte {offset} of the data."));
    }

    private static Shape Original(WeightSource source, GgufMetadata metadata, string name, Shape stored)
    {
        if (!metadata.Shapes.TryGetValue(name, out var extents))
        {
            return stored;
        }

        var original = StoredShape.Create(source, name, extents);
        return original.ElementCount == stored.ElementCount ? original
            : throw source.Error(
                $"tensor {WeightFileException.Quote(name)} is stored as {stored}, which does not fill its original shape {original}.");
    }

    private static void RequirePlaces(WeightSource source, List<Info> infos, long alignment, long dataLength)
    {
        Info? before = null;
        foreach (var info in infos.OrderBy(i => i.Offset).ThenBy(i => i.ByteCount))
        {
            var name = WeightFileException.Quote(info.Name);
            if (info.Offset % alignment != 0)
            {
                throw source.Error($"tensor {name} begins at byte {info.Offset} of the data, not at a multiple of {alignment}.");
            }

            if (info.Offset > dataLength || info.ByteCount > dataLength - info.Offset)
            {
                throw source.Error(string.Create(
                    CultureInfo.InvariantCulture,
                    $"tensor {name} takes {info.ByteCount} bytes from byte {info.Offset} of the data on, which has only {Math.Max(0, dataLength)}."));
            }

            if (before is not null && info.ByteCount > 0 && before.Offset + before.ByteCount > info.Offset)
            {
                throw source.Error($"tensors {WeightFileException.Quote(before.Name)} and {name} overlap at byte {info.Offset} of the data.");
            }

            before = info.ByteCount > 0 ? info : before;
        }
    }

    /// <summary>One line of the table; the place is in bytes from the start of the data.</summary>
    private sealed record Info(string Name, StoredType Type, Shape Shape, long Offset)
    {
        public long ByteCount { get; } = Type.Bytes(Shape.ElementCount);
    }
}
