using StbImageSharp;

namespace Augur.Decoding;

/// <summary>Reads picture files from untrusted bytes: PNG by our own reader, JPEG by StbImageSharp.</summary>
internal static class PictureReader
{
    private const long MaxBytes = 1L << 28;
    private const long MaxPixels = 1L << 26;

    /// <summary>Reads a picture.</summary>
    /// <param name="stream">That can be sought in.</param>
    /// <exception cref="InvalidDataException">It is neither PNG nor JPEG, too large, or damaged.</exception>
    public static RgbImage Read(Stream stream)
    {
        Span<byte> first = stackalloc byte[12];
        var read = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return first[..read] switch
        {
            [0xFF, 0xD8, 0xFF, ..] => Jpeg(stream),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P'] =>
                throw new InvalidDataException("This is a WebP; pictures are read as PNG or JPEG."),
            var bytes when bytes.StartsWith(Png.Signature) => Png.Read(stream).Image,
            _ => throw new InvalidDataException("This is not a picture: its first bytes are neither those of a PNG nor of a JPEG."),
        };
    }

    private static RgbImage Jpeg(Stream stream)
    {
        if (stream.Length > MaxBytes)
        {
            throw new InvalidDataException($"The JPEG has {stream.Length} bytes, more than {MaxBytes}.");
        }

        try
        {
            var info = ImageInfo.FromStream(stream) ?? throw new InvalidDataException("The JPEG is damaged.");
            if ((long)info.Width * info.Height is < 1 or > MaxPixels)
            {
                throw new InvalidDataException($"The JPEG has {info.Width}x{info.Height} pixels, more than {MaxPixels}.");
            }

            stream.Position = 0;
            var image = ImageResult.FromStream(stream, ColorComponents.RedGreenBlue);
            return new RgbImage(image.Width, image.Height, image.Data);
        }
        catch (Exception damaged) when (damaged is not (InvalidDataException or IOException or OutOfMemoryException))
        {
            throw new InvalidDataException($"The JPEG is damaged: {damaged.Message}", damaged); // the package throws what it happens to meet
        }
    }
}
