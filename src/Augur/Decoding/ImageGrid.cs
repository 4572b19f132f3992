namespace Augur.Decoding;

/// <summary>Layout options for a sheet of pictures.</summary>
public sealed record ImageGridOptions
{
    /// <summary>Pixels between neighbouring pictures and around the sheet, 0 to 1024. Default 2.</summary>
    public int Padding { get; init; } = 2;

    /// <summary>Repetitions of each pixel per direction, at least 1. Default 1.</summary>
    public int Enlargement { get; init; } = 1;

    /// <summary>Brightness, 0 to 255, of the padding and of places without a picture. Default 255, white.</summary>
    public byte Background { get; init; } = 255;
}

/// <summary>Puts pictures of one size side by side on a sheet.</summary>
public static class ImageGrid
{
    /// <summary>Composes a sheet, row by row from the top left; the last row may be incomplete.</summary>
    /// <param name="images">One or more pictures of the same size.</param>
    /// <param name="columns">Pictures per row, at least 1.</param>
    /// <param name="options">Padding, enlargement and background; none: the defaults.</param>
    /// <exception cref="ArgumentException">
    /// No picture, pictures of different sizes, an option out of range, or a sheet beyond <see cref="RgbImage.MaxPixels"/>.
    /// </exception>
    public static RgbImage Compose(IReadOnlyList<RgbImage> images, int columns, ImageGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        options ??= new ImageGridOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Padding);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Padding, 1024);
        var (width, height) = CommonSize(images);
        var (cellWidth, cellHeight) = ((long)width * options.Enlargement, (long)height * options.Enlargement);
        var (sheetWidth, sheetHeight) = SizeOf(images.Count, columns, width, height, options);
        if (sheetWidth > RgbImage.MaxPixels / sheetHeight)
        {
            throw new ArgumentException($"A sheet of {sheetWidth}x{sheetHeight} pixels has more than {RgbImage.MaxPixels} pixels.");
        }

        var sheet = new byte[3 * sheetWidth * sheetHeight];
        Array.Fill(sheet, options.Background);
        for (var i = 0; i < images.Count; i++)
        {
            var left = (i % columns * (cellWidth + options.Padding)) + options.Padding;
            var top = (i / columns * (cellHeight + options.Padding)) + options.Padding;
            Place(images[i].Enlarge(options.Enlargement), sheet, sheetWidth, left, top);
        }

        return new RgbImage((int)sheetWidth, (int)sheetHeight, sheet);
    }

    /// <summary>
    /// Size of a sheet in pixels, before there are pictures; <see cref="Compose"/> refuses more than <see cref="RgbImage.MaxPixels"/>.
    /// </summary>
    /// <param name="count">Pictures, at least 1.</param>
    /// <param name="columns">Pictures per row, at least 1.</param>
    /// <param name="width">Width of a picture in pixels, before enlargement.</param>
    /// <param name="height">Height of a picture in pixels, before enlargement.</param>
    /// <param name="options">Padding and enlargement; none: the defaults.</param>
    public static (long Width, long Height) SizeOf(int count, int columns, int width, int height, ImageGridOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        options ??= new ImageGridOptions();
        var rows = (count + columns - 1) / columns;
        return ((columns * (((long)width * options.Enlargement) + options.Padding)) + options.Padding,
            (rows * (((long)height * options.Enlargement) + options.Padding)) + options.Padding);
    }

    private static (int Width, int Height) CommonSize(IReadOnlyList<RgbImage> images)
    {
        if (images.Count == 0)
        {
            throw new ArgumentException("A sheet needs at least one picture.");
        }

        var first = images[0];
        return images.FirstOrDefault(i => i.Width != first.Width || i.Height != first.Height) is { } other
            ? throw new ArgumentException($"Pictures on a sheet have one size, not {first.Width}x{first.Height} and {other.Width}x{other.Height}.")
            : (first.Width, first.Height);
    }

    /// <summary>Copies a picture into a larger one.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="sheet">Pixels of the larger picture, [height, sheetWidth, 3].</param>
    /// <param name="sheetWidth">Width of the larger picture in pixels.</param>
    /// <param name="left">Column of the picture's first pixel.</param>
    /// <param name="top">Row of the picture's first pixel.</param>
    internal static void Place(RgbImage image, byte[] sheet, long sheetWidth, long left, long top)
    {
        for (var y = 0; y < image.Height; y++)
        {
            var to = 3 * (((top + y) * sheetWidth) + left);
            image.Rgb.Slice(3 * y * image.Width, 3 * image.Width).CopyTo(sheet.AsSpan((int)to));
        }
    }
}
