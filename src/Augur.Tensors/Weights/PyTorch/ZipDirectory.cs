using System.Buffers.Binary;
using System.Text;

namespace Augur.Tensors.Weights.PyTorch;

/// <summary>
/// The directory of a zip archive. The base library's reader only provides streams; here the position of an entry in the file is needed, so that
/// tensors can be mapped.
/// </summary>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50;
    private const uint Locator64Signature = 0x07064b50;
    private const uint EntrySignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int EndBytes = 22;
    private const int End64Bytes = 56;
    private const int Locator64Bytes = 20;
    private const int EntryBytes = 46;
    private const int LocalBytes = 30;
    private const int LongestComment = ushort.MaxValue;
    private const uint In64 = uint.MaxValue;

    /// <summary>Reads the directory.</summary>
    /// <exception cref="WeightFileException">The archive is damaged, or two entries have one name.</exception>
    public static Dictionary<string, ZipEntry> Read(WeightSource source)
    {
        var (offset, size, count) = FindDirectory(source);
        if (count > size / EntryBytes)
        {
            throw source.Error($"the zip directory would list {count} entries in {size} bytes.");
        }

        if (offset < 0 || size < 0 || offset > source.Length - size)
        {
            throw source.Error($"the zip directory would begin at byte {offset} and take {size} bytes, but the file has {source.Length}.");
        }

        var entries = new Dictionary<string, ZipEntry>();
        var position = offset;
        for (long i = 0; i < count; i++)
        {
            var entry = ReadEntry(source, ref position);
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw source.Error($"the zip entry {WeightFileException.Quote(entry.Name)} is listed twice.");
            }
        }

        return entries;
    }

    /// <summary>Position of the first byte of an entry. PyTorch stores entries uncompressed; others are refused.</summary>
    public static long Locate(WeightSource source, ZipEntry entry)
    {
        var name = WeightFileException.Quote(entry.Name);
        if (entry.Method != 0 || entry.IsEncrypted || entry.StoredSize != entry.Size)
        {
            throw source.Error($"the zip entry {name} is compressed or encrypted, which PyTorch never does; refused.");
        }

        var header = source.Read(entry.HeaderOffset, LocalBytes, $"the header of zip entry {name}");
        if (U32(header, 0) != LocalSignature)
        {
            throw source.Error($"byte {entry.HeaderOffset}: the header of zip entry {name} is expected here.");
        }

        var offset = entry.HeaderOffset + LocalBytes + U16(header, 26) + U16(header, 28);
        return entry.Size <= source.Length - offset
            ? offset
            : throw source.Error(
                $"the zip entry {name} would take {entry.Size} bytes from byte {offset} on, but the file has {source.Length} bytes.");
    }

    private static (long Offset, long Size, long Count) FindDirectory(WeightSource source)
    {
        var tailLength = (int)Math.Min(source.Length, EndBytes + LongestComment);
        var tail = source.Slice(source.Length - tailLength, tailLength);
        for (var at = tailLength - EndBytes; at >= 0; at--)
        {
            if (U32(tail, at) != EndSignature || at + EndBytes + U16(tail, at + 20) != tailLength)
            {
                continue;
            }

            var end = tail[at..];
            return FindDirectory64(source, source.Length - tailLength + at) ?? (U32(end, 16), U32(end, 12), U16(end, 10));
        }

        throw source.Error("the end of the zip archive is missing; the file may be cut short.");
    }

    private static (long Offset, long Size, long Count)? FindDirectory64(WeightSource source, long endOffset)
    {
        var locatorOffset = endOffset - Locator64Bytes;
        if (locatorOffset < 0 || source.Slice(locatorOffset, Locator64Bytes) is var locator && U32(locator, 0) != Locator64Signature)
        {
            return null;
        }

        var offset = I64(locator, 8);
        var end = source.Read(offset, End64Bytes, "the 64-bit end of the zip archive");
        return U32(end, 0) == End64Signature
            ? (I64(end, 48), I64(end, 40), I64(end, 32))
            : throw source.Error($"byte {offset}: the 64-bit end of the zip archive is expected here.");
    }

    private static ZipEntry ReadEntry(WeightSource source, ref long position)
    {
        var fixedPart = source.Read(position, EntryBytes, "a zip directory entry");
        if (U32(fixedPart, 0) != EntrySignature)
        {
            throw source.Error($"byte {position}: a zip directory entry is expected here.");
        }

        int nameLength = U16(fixedPart, 28), extraLength = U16(fixedPart, 30), commentLength = U16(fixedPart, 32);
        var rest = source.Read(position + EntryBytes, nameLength + extraLength, "a zip directory entry");
        long size = U32(fixedPart, 24), storedSize = U32(fixedPart, 20), header = U32(fixedPart, 42);
        ReadExtra64(rest[nameLength..], ref size, ref storedSize, ref header);
        var name = Encoding.UTF8.GetString(rest[..nameLength]);
        if (size < 0 || storedSize < 0 || header < 0)
        {
            throw source.Error($"byte {position}: the zip entry {WeightFileException.Quote(name)} has a negative size or place.");
        }

        position += EntryBytes + nameLength + extraLength + commentLength;
        return new ZipEntry(name, header, size, storedSize, U16(fixedPart, 10), (U16(fixedPart, 8) & 1) != 0);
    }

    // Values that do not fit 32 bits stand in an extra field, in this order and only where needed.
    private static void ReadExtra64(ReadOnlySpan<byte> extra, ref long size, ref long storedSize, ref long header)
    {
        while (extra.Length >= 4)
        {
            int id = U16(extra, 0), length = U16(extra, 2);
            if (length > extra.Length - 4)
            {
                return;
            }

            var field = extra.Slice(4, length);
            extra = extra[(4 + length)..];
            if (id == 1)
            {
                TakeWide(ref size, ref field);
                TakeWide(ref storedSize, ref field);
                TakeWide(ref header, ref field);
            }
        }
    }

    private static void TakeWide(ref long value, ref ReadOnlySpan<byte> field)
    {
        if (value == In64 && field.Length >= sizeof(long))
        {
            value = I64(field, 0);
            field = field[sizeof(long)..];
        }
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}

/// <summary>One file in a zip archive, as the directory describes it.</summary>
internal sealed record ZipEntry(string Name, long HeaderOffset, long Size, long StoredSize, int Method, bool IsEncrypted);
