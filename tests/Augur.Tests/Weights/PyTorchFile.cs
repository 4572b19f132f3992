using System.Buffers.Binary;
using System.Text;

namespace Augur.Tests.Weights;

/// <summary>
/// PyTorch files written by hand, so that they can be wrong: a zip archive with stored entries, and pickles from their instructions.
/// </summary>
internal static class PyTorchFile
{
    public const string Name = "model.pt";

    /// <summary>An archive with a pickle and one storage "0".</summary>
    public static byte[] From(byte[] pickle, byte[] storage) =>
        Zip(("archive/data.pkl", pickle), ("archive/data/0", storage), ("archive/version", "3\n"u8.ToArray()));

    /// <summary>The pickle of a dict with one tensor over the Float32 storage "0".</summary>
    public static byte[] Tensor(long elements, long offset, long[] extents, long[] strides, string storageClass = "torch\nFloatStorage\n") => Join(
        [0x80, 2], "}"u8.ToArray(), Text("w"), "ctorch._utils\n_rebuild_tensor_v2\n(("u8.ToArray(), Text("storage"),
        Encoding.ASCII.GetBytes("c" + storageClass), Text("0"), Text("cpu"), Number(elements), "tQ"u8.ToArray(),
        Number(offset), Tuple(extents), Tuple(strides), [0x89], "ccollections\nOrderedDict\n)R"u8.ToArray(), "tRs."u8.ToArray());

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(p => p)];

    public static byte[] Text(string text) => Join([0x8c, (byte)text.Length], Encoding.UTF8.GetBytes(text));

    public static byte[] Number(long value) => Join([0x8a, 8], BitConverter.GetBytes(value));

    public static byte[] Tuple(long[] values) => Join("("u8.ToArray(), Join([.. values.Select(Number)]), "t"u8.ToArray());

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        var directory = new List<byte[]>();
        foreach (var (name, content) in entries)
        {
            directory.Add(Header(name, content.Length, (uint)file.Position));
            file.Write(Join("PK\x03\x04"u8.ToArray(), directory[^1][6..32], Encoding.UTF8.GetBytes(name), content));
        }

        var begin = (uint)file.Position;
        foreach (var header in directory)
        {
            file.Write(header);
        }

        var end = new byte[22];
        "PK\x05\x06"u8.CopyTo(end);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)entries.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)file.Position - begin);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), begin);
        file.Write(end);
        return file.ToArray();
    }

    /// <summary>The same archive with the end of an archive of 4 GiB or more: the 32-bit places say nothing.</summary>
    public static byte[] Zip64(byte[] zip)
    {
        var end = zip.AsSpan(zip.Length - 22);
        var (count, size, begin) = (BitConverter.ToUInt16(end[10..]), BitConverter.ToUInt32(end[12..]), BitConverter.ToUInt32(end[16..]));
        var wide = Join("PK\x06\x06"u8.ToArray(), new byte[20], BitConverter.GetBytes((long)count), BitConverter.GetBytes((long)count),
            BitConverter.GetBytes((long)size), BitConverter.GetBytes((long)begin));
        var locator = Join("PK\x06\x07"u8.ToArray(), new byte[4], BitConverter.GetBytes((long)(zip.Length - 22)), [1, 0, 0, 0]);
        end.Slice(8, 12).Fill(0xff);
        return Join(zip[..^22], wide, locator, zip[^22..]);
    }

    private static byte[] Header(string name, int size, uint offset)
    {
        var header = new byte[46];
        "PK\x01\x02"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(20), size);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), size);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), (ushort)name.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), offset);
        return Join(header, Encoding.UTF8.GetBytes(name));
    }
}
