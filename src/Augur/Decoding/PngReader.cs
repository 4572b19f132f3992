using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Augur.Decoding;

/// <summary>Reads the PNGs that <see cref="Png.Read"/> describes, from untrusted bytes.</summary>
internal sealed class PngReader(Stream stream, long maxPixels)
{
    private const int LargestText = 1 << 20;
    private readonly Dictionary<string, string> _text = [];
    private readonly List<byte[]> _data = [];
    private long _dataLength;
    private PngHeader? _header;
    private byte[]? _palette, _transparency;

    public PngContent Read()
    {
        Span<byte> signature = stackalloc byte[8];
        if (stream.ReadAtLeast(signature, 8, throwOnEndOfStream: false) < 8 || !signature.SequenceEqual(Png.Signature))
        {
            throw new InvalidDataException("This is not a PNG: its first eight bytes differ.");
        }

        while (ReadChunk())
        {
        }

        var header = _header ?? throw new InvalidDataException("The PNG has no header.");
        var rows = Inflate(header);
        var pixels = new PngPixels(header, _palette, _transparency);
        var rgb = pixels.ToRgb(rows);
        return new PngContent(new RgbImage(header.Width, header.Height, rgb) { WasTransparent = pixels.HasAlpha }, _text);
    }

    /// <summary>Reads one chunk; false after the last.</summary>
    private bool ReadChunk()
    {
        Span<byte> head = stackalloc byte[8];
        ReadFully(head);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        var type = Encoding.Latin1.GetString(head[4..]);
        if (!type.All(char.IsAsciiLetter))
        {
            throw new InvalidDataException("The PNG has a chunk whose type is not four letters.");
        }

        if (_header is null != type is "IHDR")
        {
            throw new InvalidDataException(_header is null ? $"The PNG begins with a chunk '{type}', not its header." : "The PNG has two headers.");
        }

        if (length > LongestChunk(type))
        {
            throw new InvalidDataException($"The PNG has a chunk '{type}' of {length} bytes; at most {LongestChunk(type)} are accepted there.");
        }

        var data = ReadData((int)length, type);
        ReadFully(head[..4]);
        if (BinaryPrimitives.ReadUInt32BigEndian(head) != Crc32.Of(head[4..], data))
        {
            throw new InvalidDataException($"The PNG is damaged: the checksum of a chunk '{type}' does not fit its content.");
        }

        Take(type, data);
        return type != "IEND";
    }

    private void Take(string type, byte[] data)
    {
        switch (type)
        {
            case "IHDR":
                _header = PngHeader.Parse(data, maxPixels);
                break;
            case "IDAT":
                _data.Add(data);
                _dataLength += data.Length;
                break;
            case "tEXt":
                TakeText(data);
                break;
            case "iTXt":
                TakeInternationalText(data);
                break;
            case "PLTE":
                _palette = data.Length is > 0 and <= 3 * 256 && data.Length % 3 == 0 ? data
                    : throw new InvalidDataException($"The PNG's palette has {data.Length} bytes; it has 3 for each of 1 to 256 colours.");
                break;
            case "tRNS":
                _transparency = data;
                break;
            case "IEND":
                break;
            case var _ when char.IsAsciiLetterUpper(type[0]):
                throw new InvalidDataException($"The PNG needs an extension, '{type}', that this reader does not have.");
        }
    }

    // Limits memory: compressed rows are never much longer than the rows themselves, and other chunks of ordinary files are small.
    private long LongestChunk(string type) =>
        type == "IDAT" && _header is { } header ? Math.Max(0, (2 * header.FilteredLength) + 1024 - _dataLength) : 16 << 20;

    /// <summary>Reads in pieces, so that a false length in the file cannot cause a large allocation.</summary>
    private byte[] ReadData(int length, string type)
    {
        using var data = new MemoryStream();
        var piece = new byte[Math.Min(length, 1 << 16)];
        while (data.Length < length)
        {
            var read = stream.Read(piece, 0, (int)Math.Min(piece.Length, length - data.Length));
            data.Write(piece, 0, read > 0 ? read : throw new InvalidDataException($"The PNG ends inside a chunk '{type}'."));
        }

        return data.ToArray();
    }

    private void ReadFully(Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new InvalidDataException("The PNG ends before its end chunk.");
        }
    }

    private void TakeText(byte[] data)
    {
        if (data.AsSpan().IndexOf((byte)0) is > 0 and var end)
        {
            _text[Encoding.Latin1.GetString(data, 0, end)] = Encoding.Latin1.GetString(data, end + 1, data.Length - end - 1);
        }
    }

    // keyword, 0, compressed?, method, language, 0, translated keyword, 0, text. Unreadable text is skipped.
    private void TakeInternationalText(byte[] data)
    {
        var keyword = data.AsSpan().IndexOf((byte)0);
        if (keyword < 1 || keyword + 3 > data.Length)
        {
            return;
        }

        var rest = data.AsSpan(keyword + 3);
        for (var part = 0; part < 2; part++)
        {
            var end = rest.IndexOf((byte)0);
            if (end < 0)
            {
                return;
            }

            rest = rest[(end + 1)..];
        }

        if ((data[keyword + 1] == 0 ? rest.ToArray() : InflateText(rest.ToArray())) is { } text)
        {
            _text[Encoding.Latin1.GetString(data, 0, keyword)] = Encoding.UTF8.GetString(text);
        }
    }

    private static byte[]? InflateText(byte[] compressed)
    {
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
            var text = new byte[LargestText];
            return text[..zlib.ReadAtLeast(text, LargestText, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private byte[] Inflate(PngHeader header)
    {
        using var data = new MemoryStream();
        _data.ForEach(d => data.Write(d));
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        try
        {
            // The buffer grows with the data, so that a header alone cannot cause a large allocation.
            using var rows = new MemoryStream();
            var piece = new byte[1 << 16];
            for (int read; rows.Length < header.FilteredLength; rows.Write(piece, 0, read))
            {
                read = zlib.Read(piece, 0, (int)Math.Min(piece.Length, header.FilteredLength - rows.Length));
                if (read == 0)
                {
                    throw new InvalidDataException(
                        $"The PNG holds {rows.Length} bytes of rows; {header.Width}x{header.Height} pixels need {header.FilteredLength}.");
                }
            }

            return zlib.ReadByte() < 0
                ? rows.ToArray()
                : throw new InvalidDataException($"The PNG holds more rows than its {header.Width}x{header.Height} pixels need.");
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith("The PNG", StringComparison.Ordinal))
        {
            throw new InvalidDataException("The PNG is damaged: its rows do not decompress.", e);
        }
    }
}
