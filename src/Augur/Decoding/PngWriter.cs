using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Augur.Decoding;

/// <summary>Writes the chunks of a PNG: header, text, one run of compressed rows, end.</summary>
internal static class PngWriter
{
    private const int BytesPerPixel = 3;

    // Largest IDAT chunk. A chunk may have 2^31 − 1 bytes; small chunks avoid a second copy of a large picture in memory.
    private const int LargestData = 1 << 20;

    public static void Write(Stream stream, RgbImage image, IReadOnlyDictionary<string, string>? text)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(image);
        (byte[] Type, byte[] Data)[] notes = [.. (text ?? new Dictionary<string, string>()).Select(t => TextChunk(t.Key, t.Value))];
        stream.Write(Png.Signature);
        WriteChunk(stream, "IHDR"u8, Header(image));
        foreach (var (type, data) in notes)
        {
            WriteChunk(stream, type, data);
        }

        using (var chunks = new DataChunks(stream))
        using (var zlib = new ZLibStream(chunks, CompressionLevel.Optimal))
        {
            WriteRows(zlib, image);
        }

        WriteChunk(stream, "IEND"u8, []);
    }

    private static byte[] Header(RgbImage image)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = 8; // bits per channel
        header[9] = 2; // RGB
        return header;
    }

    private static (byte[] Type, byte[] Data) TextChunk(string keyword, string text)
    {
        if (keyword.Length is < 1 or > 79
            || !keyword.All(IsPrintableLatin1)
            || keyword.Trim(' ') != keyword
            || keyword.Contains("  ", StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"'{keyword}' cannot be a keyword of a PNG: it needs 1 to 79 printable Latin-1 characters without spaces at its ends or "
                + "twice in a row.");
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The text of '{keyword}' contains a NUL character, which a PNG cannot hold.");
        }

        byte[] name = [.. Encoding.Latin1.GetBytes(keyword), 0];
        return text.All(c => c == '\n' || IsPrintableLatin1(c))
            ? ("tEXt"u8.ToArray(), [.. name, .. Encoding.Latin1.GetBytes(text)])
            : ("iTXt"u8.ToArray(), [.. name, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)]); // not compressed; no language, no translated keyword
    }

    // The no-break space prints as nothing and is not allowed in keywords.
    private static bool IsPrintableLatin1(char c) => c is (>= ' ' and <= '~') or (> '\u00a0' and <= '\u00ff');

    private static void WriteRows(Stream zlib, RgbImage image)
    {
        var stride = image.Width * BytesPerPixel;
        ReadOnlySpan<byte> above = new byte[stride];
        var candidate = new byte[stride + 1];
        var best = new byte[stride + 1];
        for (var y = 0; y < image.Height; y++)
        {
            var row = image.Rgb.Slice(y * stride, stride);
            var least = long.MaxValue;
            for (var filter = 0; filter < PngFilter.Count; filter++)
            {
                candidate[0] = (byte)filter;
                var cost = PngFilter.Apply(filter, row, above, BytesPerPixel, candidate.AsSpan(1));
                if (cost < least)
                {
                    least = cost;
                    (candidate, best) = (best, candidate);
                }
            }

            zlib.Write(best);
            above = row;
        }
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(type, data));
        stream.Write(number);
    }

    /// <summary>Cuts a compressed stream into IDAT chunks.</summary>
    private sealed class DataChunks(Stream target) : MemoryStream
    {
        // In a class derived from MemoryStream, writes of spans end up here as well.
        public override void Write(byte[] buffer, int offset, int count)
        {
            base.Write(buffer, offset, count);
            if (Length >= LargestData)
            {
                Emit();
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && CanWrite && Length > 0)
            {
                Emit();
            }

            base.Dispose(disposing);
        }

        private void Emit()
        {
            WriteChunk(target, "IDAT"u8, GetBuffer().AsSpan(0, (int)Length));
            SetLength(0);
        }
    }
}
