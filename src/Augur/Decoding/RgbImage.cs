using Augur.Tensors;
using Augur.Tensors.Files;

namespace Augur.Decoding;

/// <summary>A picture of 8-bit red, green and blue values, row by row from the top left. Immutable.</summary>
public sealed class RgbImage
{
    /// <summary>Most pixels an image can have, 2^28.</summary>
    public const long MaxPixels = 1L << 28;

    private readonly byte[] _rgb;

    /// <summary>Makes an image that takes ownership of an array.</summary>
    /// <param name="width">In pixels, at least 1.</param>
    /// <param name="height">In pixels, at least 1.</param>
    /// <param name="rgb">3 · width · height values; not copied, so that the caller must not change it afterwards.</param>
    /// <exception cref="ArgumentException">
    /// A side is below 1, there are more than <see cref="MaxPixels"/>, or the array has another length.
    /// </exception>
    public RgbImage(int width, int height, byte[] rgb)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        if (width < 1 || height < 1 || (long)width * height > MaxPixels)
        {
            throw new ArgumentException(
                $"An image of {width}x{height} pixels is not possible: sides begin at 1 and there are at most {MaxPixels} pixels.");
        }

        if (rgb.Length != 3L * width * height)
        {
            throw new ArgumentException($"{rgb.Length} values do not fill an image of {width}x{height} pixels, which has {3L * width * height}.");
        }

        (Width, Height, _rgb) = (width, height, rgb);
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>Red, green and blue of each pixel, row by row: 3 · width · height values.</summary>
    public ReadOnlySpan<byte> Rgb => _rgb;

    /// <summary>Number of values that were NaN or infinite in the tensor that the picture was made from; 0 for other pictures.</summary>
    public int NotFiniteCount { get; private init; }

    /// <summary>Converts a batch to pictures; reads from the device.</summary>
    /// <param name="pixels">
    /// [batch, 3, height, width], or [batch, 1, height, width] for grey, nominally in [−1, 1]. A value v becomes (v + 1) · 127.5, rounded to the
    /// nearest integer (halves upwards) and limited to 0 to 255; NaN becomes 0, and <see cref="NotFiniteCount"/> counts it.
    /// </param>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static RgbImage[] FromPixels(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Shape.Rank != 4 || pixels.Shape[1] is not (1 or 3))
        {
            throw new ArgumentException($"FromPixels: {pixels.Shape} is not [batch, 3, height, width] or [batch, 1, height, width].");
        }

        int batch = pixels.Shape[0], channels = pixels.Shape[1], height = pixels.Shape[2], width = pixels.Shape[3];
        var values = pixels.ToArray();
        var images = new RgbImage[batch];
        for (var b = 0; b < batch; b++)
        {
            var planes = values.AsSpan(b * channels * height * width, channels * height * width);
            images[b] = new RgbImage(width, height, Interleave(planes, channels)) { NotFiniteCount = CountNotFinite(planes) };
        }

        return images;
    }

    /// <summary>Reads a PNG file; see <see cref="Png.Read"/> for what it may contain.</summary>
    /// <exception cref="InvalidDataException">The file is not such a PNG.</exception>
    public static RgbImage LoadPng(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return Png.Read(stream).Image;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Reads a picture file: a PNG as <see cref="Png.Read"/> does, or a JPEG. Which one it is follows from its first bytes.</summary>
    /// <exception cref="InvalidDataException">The file is neither, or damaged; the message names it.</exception>
    public static RgbImage Load(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return PictureReader.Read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    /// <param name="path">Its directory must exist; a file of the same name is replaced.</param>
    /// <param name="text">Text to keep inside the file, by keyword; see <see cref="Png.Write"/>.</param>
    public void SavePng(string path, IReadOnlyDictionary<string, string>? text = null) => AtomicFile.Write(path, s => Png.Write(s, this, text));

    /// <summary>The pixels as input for an encoder: [1, 3, height, width] in [−1, 1].</summary>
    public Tensor ToTensor(IBackend backend)
    {
        var plane = Width * Height;
        var values = new float[3 * plane];
        for (var i = 0; i < plane; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                values[(c * plane) + i] = (_rgb[(3 * i) + c] / 127.5f) - 1;
            }
        }

        return Tensor.From(backend, values, [1, 3, Height, Width]);
    }

    /// <summary>The image enlarged without smoothing, by repeating each pixel in both directions.</summary>
    /// <param name="factor">Repetitions per direction, at least 1.</param>
    public RgbImage Enlarge(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        if (factor == 1)
        {
            return this;
        }

        if ((long)Width * factor * Height * factor > MaxPixels)
        {
            throw new ArgumentException($"An image of {Width}x{Height} pixels enlarged {factor} times has more than {MaxPixels} pixels.");
        }

        var rgb = new byte[3L * Width * factor * Height * factor];
        var stride = 3 * Width * factor;
        for (var y = 0; y < Height; y++)
        {
            var row = rgb.AsSpan(y * factor * stride, stride);
            for (var x = 0; x < Width * factor; x++)
            {
                _rgb.AsSpan(3 * ((y * Width) + (x / factor)), 3).CopyTo(row[(3 * x)..]);
            }

            for (var copy = 1; copy < factor; copy++)
            {
                row.CopyTo(rgb.AsSpan(((y * factor) + copy) * stride));
            }
        }

        return new RgbImage(Width * factor, Height * factor, rgb);
    }

    /// <summary>The image made smaller: the mean of each square of pixels, rounded.</summary>
    /// <param name="factor">Side of a square, a divisor of both sides.</param>
    public RgbImage Shrink(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        if (Width % factor != 0 || Height % factor != 0)
        {
            throw new ArgumentException($"An image of {Width}x{Height} pixels is not made of squares of {factor}.");
        }

        var (width, height, count) = (Width / factor, Height / factor, factor * factor);
        var sums = new int[3 * width * height];
        for (var i = 0; factor > 1 && i < _rgb.Length; i++)
        {
            var pixel = i / 3;
            sums[(3 * ((pixel / Width / factor * width) + (pixel % Width / factor))) + (i % 3)] += _rgb[i];
        }

        return factor == 1 ? this : new RgbImage(width, height, Array.ConvertAll(sums, sum => (byte)((sum + (count / 2)) / count)));
    }

    /// <summary>The image with another laid over a part of it.</summary>
    /// <param name="other">What is laid over it, scaled bilinearly to the part's size.</param>
    /// <param name="left">First column of the part.</param>
    /// <param name="top">First row of the part.</param>
    /// <param name="width">Columns of the part.</param>
    /// <param name="height">Rows of the part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part is empty or reaches beyond this image.</exception>
    public RgbImage Paste(RgbImage other, int left, int top, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width - left);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height - top);
        var (part, rgb) = (PictureScaling.Scaled(other, width, height), _rgb.ToArray());
        for (var y = 0; y < height; y++)
        {
            part._rgb.AsSpan(3 * y * width, 3 * width).CopyTo(rgb.AsSpan(3 * (((top + y) * Width) + left)));
        }

        return new RgbImage(Width, Height, rgb);
    }

    private static byte[] Interleave(ReadOnlySpan<float> planes, int channels)
    {
        var plane = planes.Length / channels;
        var rgb = new byte[3 * plane];
        for (var i = 0; i < plane; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                rgb[(3 * i) + c] = ToByte(planes[(channels == 1 ? 0 : c * plane) + i]);
            }
        }

        return rgb;
    }

    private static int CountNotFinite(ReadOnlySpan<float> values)
    {
        var count = 0;
        foreach (var value in values)
        {
            count += float.IsFinite(value) ? 0 : 1;
        }

        return count;
    }

    private static byte ToByte(float value) => float.IsNaN(value) ? (byte)0 : (byte)Math.Clamp(MathF.Floor(((value + 1) * 127.5f) + 0.5f), 0, 255);
}
