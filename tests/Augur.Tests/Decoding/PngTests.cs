using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Augur.Decoding;
using Augur.Tensors.Files;

namespace Augur.Tests.Decoding;

public sealed class PngTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(64, 65)]
    [InlineData(701, 600)]
    public void A_picture_survives_the_way_through_a_png(int width, int height)
    {
        var image = Picture(width, height);
        var read = Png.Read(new MemoryStream(Encode(image)));
        Assert.Equal((width, height), (read.Image.Width, read.Image.Height));
        Assert.True(image.Rgb.SequenceEqual(read.Image.Rgb));
        Assert.Empty(read.Text);
    }

    [Fact]
    public void Smooth_pictures_are_stored_in_far_less_than_their_pixels()
    {
        var rgb = new byte[3 * 128 * 128];
        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = (byte)((i / 3 % 128) + (i / 384));
        }

        Assert.True(Encode(new RgbImage(128, 128, rgb)).Length < rgb.Length / 20);
    }

    [Fact]
    public void Text_is_kept_as_Latin_1_where_possible_and_as_UTF_8_otherwise()
    {
        var text = new Dictionary<string, string> { ["Seed"] = "42", ["Prompt"] = "naïve\nzwei Zeilen", ["Motto"] = "予言 ✓ 🎲" };
        var bytes = Encode(Picture(3, 3), text);
        Assert.Equal(text, Png.Read(new MemoryStream(bytes)).Text);
        var content = Encoding.Latin1.GetString(bytes);
        Assert.Contains("tEXtSeed\042", content, StringComparison.Ordinal);
        Assert.Contains("iTXtMotto", content, StringComparison.Ordinal);
        Assert.DoesNotContain("iTXtPrompt", content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData(" Seed", "x")]
    [InlineData("a  b", "x")]
    [InlineData("予言", "x")]
    [InlineData("line\nbreak", "x")]
    [InlineData("Seed", "a\0b")]
    public void Text_that_a_png_cannot_hold_is_refused(string keyword, string text)
    {
        Assert.Throws<ArgumentException>(() => Encode(Picture(2, 2), new Dictionary<string, string> { [keyword] = text }));
    }

    [Theory]
    [InlineData(0, 1, new byte[] { 10, 200 }, new byte[] { 10, 10, 10, 200, 200, 200 })]
    [InlineData(4, 2, new byte[] { 10, 255, 10, 0 }, new byte[] { 10, 10, 10, 255, 255, 255 })]
    [InlineData(6, 4, new byte[] { 1, 2, 3, 255, 0, 100, 200, 51 }, new byte[] { 1, 2, 3, 204, 224, 244 })]
    public void Grey_and_transparency_become_colours_over_white(byte colourType, int channels, byte[] row, byte[] expected)
    {
        Assert.Equal(2 * channels, row.Length);
        var image = Png.Read(new MemoryStream(File(Header(2, 1, colourType: colourType), [0, .. row]))).Image;
        Assert.Equal(expected, image.Rgb.ToArray());
    }

    [Fact]
    public void A_palette_gives_its_colours_and_their_transparency()
    {
        byte[] palette = [10, 20, 30, 40, 50, 60, 0, 100, 200];
        var image = Read(File(
            Header(5, 1, bits: 2, colourType: 3), [0, 0b00_01_10_01, 0b00_000000], Chunk("PLTE", palette), Chunk("tRNS", [255, 0, 51])));
        Assert.Equal([10, 20, 30, 255, 255, 255, 204, 224, 244, 255, 255, 255, 10, 20, 30], image.Rgb.ToArray());
        Assert.True(image.WasTransparent);
        Assert.False(Read(File(Header(1, 1, bits: 1, colourType: 3), [0, 0], Chunk("PLTE", palette), Chunk("tRNS", [255]))).WasTransparent);
    }

    [Theory]
    [InlineData(1, new byte[] { 0b1010_0000 }, new byte[] { 255, 0, 255 })]
    [InlineData(2, new byte[] { 0b11_01_10_00 }, new byte[] { 255, 85, 170 })]
    [InlineData(4, new byte[] { 0xF1, 0x80 }, new byte[] { 255, 17, 136 })]
    [InlineData(16, new byte[] { 0x80, 0x80, 0xFF, 0xFF, 0x00, 0x81 }, new byte[] { 128, 255, 1 })]
    public void Samples_of_any_width_become_bytes(byte bits, byte[] row, byte[] expected)
    {
        var image = Read(File(Header(3, 1, bits: bits, colourType: 0), [0, .. row]));
        Assert.Equal(expected.SelectMany(v => Enumerable.Repeat(v, 3)), image.Rgb.ToArray());
    }

    [Fact]
    public void One_colour_may_be_transparent()
    {
        byte[] row = [0, 1, 2, 3, 1, 2, 4];
        var image = Read(File(Header(2, 1), row, Chunk("tRNS", [0, 1, 0, 2, 0, 4])));
        Assert.Equal([1, 2, 3, 255, 255, 255], image.Rgb.ToArray());
        Assert.True(image.WasTransparent);
        Assert.False(Read(File(Header(2, 1), row)).WasTransparent);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(9, 10)]
    public void An_interlaced_picture_is_put_together_from_its_passes(int width, int height)
    {
        var picture = Picture(width, height);
        var rows = new List<byte>();
        (int Left, int Top, int Across, int Down)[] passes =
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        foreach (var (left, top, across, down) in passes)
        {
            for (var y = top; y < height && left < width; y += down)
            {
                rows.Add(0);
                for (var x = left; x < width; x += across)
                {
                    rows.AddRange(picture.Rgb.Slice(3 * ((y * width) + x), 3).ToArray());
                }
            }
        }

        Assert.Equal(picture.Rgb.ToArray(), Read(File(Header(width, height, interlacing: 1), [.. rows])).Rgb.ToArray());
    }

    [Theory]
    [InlineData(1, new byte[] { 1, 5, 6, 7, 1, 1, 1 }, new byte[] { 5, 6, 7, 6, 7, 8 })]
    [InlineData(2, new byte[] { 2, 5, 6, 7, 1, 1, 1 }, new byte[] { 5, 6, 7, 1, 1, 1 })]
    [InlineData(3, new byte[] { 3, 4, 6, 8, 1, 1, 1 }, new byte[] { 4, 6, 8, 3, 4, 5 })]
    [InlineData(4, new byte[] { 4, 5, 6, 7, 1, 1, 1 }, new byte[] { 5, 6, 7, 6, 7, 8 })]
    public void Each_filter_is_undone_by_its_definition(int filter, byte[] filtered, byte[] expected)
    {
        Assert.Equal(filter, filtered[0]);
        Assert.Equal(expected, Png.Read(new MemoryStream(File(Header(2, 1), filtered))).Image.Rgb.ToArray());
    }

    [Theory]
    [InlineData(16, new byte[] { 1, 0x10, 0x20, 0x01, 0x02 }, new byte[] { 16, 17 })] // 0x1020, 0x1122
    [InlineData(4, new byte[] { 1, 0x1F }, new byte[] { 17, 255 })] // two pixels in a byte, with nothing to its left
    public void A_filter_looks_back_by_a_pixel_and_by_a_byte_at_least(byte bits, byte[] filtered, byte[] expected)
    {
        var image = Read(File(Header(2, 1, bits: bits, colourType: 0), filtered));
        Assert.Equal(expected.SelectMany(v => Enumerable.Repeat(v, 3)), image.Rgb.ToArray());
    }

    [Fact]
    public void Every_truncation_is_refused_with_a_sentence()
    {
        var bytes = Encode(Picture(5, 4), new Dictionary<string, string> { ["Seed"] = "1" });
        for (var length = 0; length < bytes.Length; length++)
        {
            var error = Assert.Throws<InvalidDataException>(() => Png.Read(new MemoryStream(bytes, 0, length)));
            Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_single_flipped_byte_is_noticed_with_a_sentence()
    {
        var bytes = Encode(Picture(5, 4));
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0x41;
            var error = Assert.Throws<InvalidDataException>(() => Png.Read(new MemoryStream(damaged)));
            Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Hostile_files_are_refused_with_a_sentence()
    {
        Refused("This is not a PNG: its first eight bytes differ.", [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Refused("The PNG has 100000x100000 pixels; 1 to 67108864 are accepted.", File(Header(100_000, 100_000), [0]));
        Refused("The PNG has 0x5 pixels; 1 to 67108864 are accepted.", File(Header(0, 5), [0]));
        Refused("The PNG has colour type 3 with 16 bits, compression 0, filtering 0 and interlacing 0, which no PNG has.",
            File(Header(2, 1, bits: 16, colourType: 3), [0]));
        Refused("The PNG has colour type 2 with 8 bits, compression 0, filtering 0 and interlacing 2, which no PNG has.",
            File(Header(2, 1, interlacing: 2), [0]));
        Refused("The PNG's pixels are of a palette that it does not have.", File(Header(2, 1, colourType: 3), [0, 0, 1]));
        Refused("The PNG's palette has 4 bytes; it has 3 for each of 1 to 256 colours.",
            File(Header(1, 1, colourType: 3), [0, 0], Chunk("PLTE", [1, 2, 3, 4])));
        Refused("The PNG is damaged: a pixel has colour 1 of a palette of 1.", File(Header(1, 1, colourType: 3), [0, 1], Chunk("PLTE", [1, 2, 3])));
        Refused("The PNG's transparent colour has 2 bytes instead of 6.", File(Header(1, 1), [0, 1, 2, 3], Chunk("tRNS", [1, 2])));
        Refused("The PNG holds 3 bytes of rows; 1x1 pixels need 4.", File(Header(1, 1), [0, 1, 2]));
        Refused("The PNG holds more rows than its 1x1 pixels need.", File(Header(1, 1), new byte[1 << 16]));
        Refused("The PNG is damaged: row 0 has filter 9, but filters end at 4.", File(Header(1, 1), [9, 1, 2, 3]));
        Refused("The PNG is damaged: its rows do not decompress.",
            [.. Png.Signature, .. Chunk("IHDR", Header(1, 1)), .. Chunk("IDAT", new byte[20]), .. Chunk("IEND", [])]);
        Refused("The PNG begins with a chunk 'IDAT', not its header.", [.. Png.Signature, .. Chunk("IDAT", [])]);
        Refused("The PNG has two headers.", [.. Png.Signature, .. Chunk("IHDR", Header(1, 1)), .. Chunk("IHDR", Header(1, 1))]);
        Refused("The PNG needs an extension, 'CrZy', that this reader does not have.",
            [.. Png.Signature, .. Chunk("IHDR", Header(1, 1)), .. Chunk("CrZy", [])]);
        Refused("The PNG has a chunk 'junk' of 2147483647 bytes; at most 16777216 are accepted there.",
            [.. Png.Signature, .. Chunk("IHDR", Header(1, 1)), 0x7f, 0xff, 0xff, 0xff, .. "junk"u8]);
    }

    [Fact]
    public void A_header_that_promises_much_does_not_take_the_memory_for_it()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused("The PNG holds 1 bytes of rows; 8192x8192 pixels need 201334784.", File(Header(8192, 8192), [0]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void A_saved_file_replaces_the_old_one_and_leaves_nothing_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("augur-png-");
        try
        {
            var path = Path.Combine(folder.FullName, "picture.png");
            Picture(4, 4).SavePng(path);
            Picture(5, 6).SavePng(path, new Dictionary<string, string> { ["Seed"] = "1" });
            Assert.Equal(6, RgbImage.LoadPng(path).Height);
            Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, s =>
            {
                s.WriteByte(1);
                throw new InvalidOperationException("stop");
            }));
            Assert.Equal(6, RgbImage.LoadPng(path).Height);
            Assert.Equal([path], Directory.GetFileSystemEntries(folder.FullName));

            var missing = Path.Combine(folder.FullName, "absent", "picture.png");
            var error = Assert.Throws<DirectoryNotFoundException>(() => Picture(1, 1).SavePng(missing));
            Assert.Equal($"Cannot write '{missing}': there is no folder {Path.GetDirectoryName(missing)}.", error.Message);
            Assert.Equal($"Cannot write '{folder.FullName}': it is a folder.",
                Assert.Throws<IOException>(() => Picture(1, 1).SavePng(folder.FullName)).Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static RgbImage Picture(int width, int height)
    {
        var rgb = new byte[3 * width * height];
        new Random(width + height).NextBytes(rgb);
        return new RgbImage(width, height, rgb);
    }

    private static byte[] Encode(RgbImage image, IReadOnlyDictionary<string, string>? text = null)
    {
        using var stream = new MemoryStream();
        Png.Write(stream, image, text);
        return stream.ToArray();
    }

    private static void Refused(string message, byte[] bytes) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Png.Read(new MemoryStream(bytes))).Message);

    private static RgbImage Read(byte[] bytes) => Png.Read(new MemoryStream(bytes)).Image;

    private static byte[] File(byte[] header, byte[] rows, params byte[][] between)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        byte[] data = [.. between.SelectMany(chunk => chunk), .. Chunk("IDAT", compressed.ToArray())];
        return [.. Png.Signature, .. Chunk("IHDR", header), .. data, .. Chunk("IEND", [])];
    }

    private static byte[] Header(long width, long height, byte bits = 8, byte colourType = 2, byte interlacing = 0)
    {
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, bits, colourType, 0, 0, interlacing];
        BinaryPrimitives.WriteUInt32BigEndian(header, (uint)width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), (uint)height);
        return header;
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.Of(Encoding.Latin1.GetBytes(type), data));
        return [.. length, .. Encoding.Latin1.GetBytes(type), .. data, .. checksum];
    }
}
