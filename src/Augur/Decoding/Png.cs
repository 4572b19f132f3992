namespace Augur.Decoding;

/// <summary>The content of a PNG file.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Text">The text chunks, by keyword; if a keyword is repeated, the last one.</param>
public sealed record PngContent(RgbImage Image, IReadOnlyDictionary<string, string> Text);

/// <summary>Portable Network Graphics (ISO/IEC 15948): all kinds are read, 8-bit RGB is written.</summary>
public static class Png
{
    /// <summary>The eight bytes that every PNG begins with.</summary>
    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Writes an image as 8-bit RGB, without loss.</summary>
    /// <param name="stream">The stream to write to; it is not closed.</param>
    /// <param name="image">The picture.</param>
    /// <param name="text">
    /// Text to keep inside the file. A keyword has 1 to 79 printable Latin-1 characters, without spaces at its ends or twice in a row; a text has no
    /// NUL. Text that Latin-1 cannot write is stored as UTF-8 (iTXt instead of tEXt).
    /// </param>
    /// <exception cref="ArgumentException">A keyword or text is not allowed.</exception>
    public static void Write(Stream stream, RgbImage image, IReadOnlyDictionary<string, string>? text = null) => PngWriter.Write(stream, image, text);

    /// <summary>
    /// Reads an image: RGB, grey or of a palette, with or without alpha, of 1 to 16 bits, interlaced or not. Transparent pixels are blended over
    /// white, which <see cref="RgbImage.WasTransparent"/> tells; 16 bits become 8.
    /// </summary>
    /// <remarks>The stream is untrusted: sizes are checked before memory is allocated, and checksums before content is used.</remarks>
    /// <param name="stream">The stream to read, up to the end of the picture.</param>
    /// <param name="maxPixels">Larger pictures are refused. Default 2^26, a square of 8192.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, too large, or needs an extension.
    /// </exception>
    public static PngContent Read(Stream stream, long maxPixels = 1L << 26) =>
        new PngReader(stream ?? throw new ArgumentNullException(nameof(stream)), maxPixels).Read();
}
