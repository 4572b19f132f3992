using System.Buffers.Binary;

namespace Augur.Decoding;

/// <summary>A picture within a PNG's picture: every so many pixels of every so many rows (PNG specification, 8: interlacing).</summary>
/// <param name="Left">Column of its first pixel.</param>
/// <param name="Top">Row of its first pixel.</param>
/// <param name="Across">Columns from one pixel to the next.</param>
/// <param name="Down">Rows from one to the next.</param>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct PngPass(int Left, int Top, int Across, int Down, int Width, int Height);

/// <summary>A PNG's header, as it was checked.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Bits">Of a sample: 1, 2, 4, 8 or 16.</param>
/// <param name="Colours">Grey, RGB, palette, grey with alpha, RGBA: 0, 2, 3, 4, 6.</param>
/// <param name="IsInterlaced">Whether it comes in seven passes.</param>
internal sealed record PngHeader(int Width, int Height, int Bits, int Colours, bool IsInterlaced)
{
    /// <summary>The colour type whose samples are numbers of colours in a palette.</summary>
    public const int Palette = 3;

    private static readonly (int Left, int Top, int Across, int Down)[] s_passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Samples of a pixel.</summary>
    public int Channels => Colours switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Bytes from a pixel to the next, at least 1: how far filters look back.</summary>
    public int PixelBytes => Math.Max(1, Bits * Channels / 8);

    /// <summary>The passes that have pixels, in the order of the file.</summary>
    public IEnumerable<PngPass> Passes => !IsInterlaced ? [new(0, 0, 1, 1, Width, Height)]
        : s_passes.Select(p => new PngPass(
                p.Left, p.Top, p.Across, p.Down, (Width - p.Left + p.Across - 1) / p.Across, (Height - p.Top + p.Down - 1) / p.Down))
            .Where(p => p.Width > 0 && p.Height > 0);

    /// <summary>Bytes of all rows with the filter's number before each.</summary>
    public long FilteredLength => Passes.Sum(p => p.Height * (1 + RowBytes(p.Width)));

    /// <summary>Bytes of a row of so many pixels.</summary>
    public long RowBytes(int width) => (((long)width * Bits * Channels) + 7) / 8;

    /// <exception cref="InvalidDataException">It is none, or the picture is too large.</exception>
    public static PngHeader Parse(byte[] data, long maxPixels)
    {
        if (data.Length != 13)
        {
            throw new InvalidDataException($"The PNG's header has {data.Length} bytes instead of 13.");
        }

        var width = BinaryPrimitives.ReadUInt32BigEndian(data);
        var height = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(4));
        var limit = Math.Min(maxPixels, RgbImage.MaxPixels);
        if (width == 0 || height == 0 || (ulong)width * height > (ulong)limit)
        {
            throw new InvalidDataException($"The PNG has {width}x{height} pixels; 1 to {limit} are accepted.");
        }

        var isKnown = (data[9], data[8]) is (0, 1 or 2 or 4 or 8 or 16) or (2 or 4 or 6, 8 or 16) or (Palette, 1 or 2 or 4 or 8);
        if (!isKnown || data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw new InvalidDataException(
                $"The PNG has colour type {data[9]} with {data[8]} bits, compression {data[10]}, filtering {data[11]} and interlacing {data[12]}, "
                + "which no PNG has.");
        }

        var header = new PngHeader((int)width, (int)height, data[8], data[9], data[12] == 1);
        return header.FilteredLength <= Array.MaxLength ? header
            : throw new InvalidDataException($"The PNG's rows take {header.FilteredLength} bytes; at most {Array.MaxLength} are accepted.");
    }
}
