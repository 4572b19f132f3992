using System.Buffers.Binary;

namespace Augur.Decoding;

/// <summary>The rows of a PNG as 8-bit RGB. What is transparent is laid over white.</summary>
/// <param name="header">How samples lie in the rows.</param>
/// <param name="palette">Colours of a palette, 3 bytes each; null: the file has none.</param>
/// <param name="transparency">
/// The file's tRNS: alpha of the palette's first colours, or the one colour that is transparent, 2 bytes a sample; null: none.
/// </param>
internal sealed class PngPixels(PngHeader header, byte[]? palette, byte[]? transparency)
{
    private readonly int[]? _transparentColour = header.Colours is not (0 or 2) || transparency is null ? null
        : transparency.Length == 2 * header.Channels
            ? [.. Enumerable.Range(0, header.Channels).Select(i => (int)BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2 * i)))]
            : throw new InvalidDataException($"The PNG's transparent colour has {transparency.Length} bytes instead of {2 * header.Channels}.");

    /// <summary>Whether a pixel was not opaque.</summary>
    public bool HasAlpha { get; private set; }

    /// <summary>Takes the filters back and the samples out.</summary>
    /// <param name="rows">Of all passes, each behind its filter's number; changed.</param>
    /// <returns>[height, width, 3].</returns>
    /// <exception cref="InvalidDataException">A filter or a palette's colour does not exist.</exception>
    public byte[] ToRgb(byte[] rows)
    {
        if (header.Colours == PngHeader.Palette && palette is null)
        {
            throw new InvalidDataException("The PNG's pixels are of a palette that it does not have.");
        }

        var rgb = new byte[3L * header.Width * header.Height];
        var samples = new int[header.Channels];
        var at = 0;
        foreach (var pass in header.Passes)
        {
            var stride = (int)header.RowBytes(pass.Width);
            ReadOnlySpan<byte> above = new byte[stride];
            for (var y = 0; y < pass.Height; y++, at += stride + 1)
            {
                var row = rows.AsSpan(at, stride + 1);
                if (row[0] >= PngFilter.Count)
                {
                    throw new InvalidDataException($"The PNG is damaged: row {y} has filter {row[0]}, but filters end at {PngFilter.Count - 1}.");
                }

                PngFilter.Undo(row[0], row[1..], above, header.PixelBytes);
                above = row[1..];
                var line = (long)(pass.Top + (y * pass.Down)) * header.Width;
                for (var x = 0; x < pass.Width; x++)
                {
                    Read(above, x, samples);
                    Write(samples, rgb.AsSpan((int)(3 * (line + pass.Left + (x * pass.Across))), 3));
                }
            }
        }

        return rgb;
    }

    private void Read(ReadOnlySpan<byte> row, int x, int[] samples)
    {
        for (var c = 0; c < samples.Length; c++)
        {
            var i = (x * samples.Length) + c;
            samples[c] = header.Bits switch
            {
                8 => row[i],
                16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * i)..]),
                var bits => (row[i * bits / 8] >> (8 - bits - (i * bits % 8))) & ((1 << bits) - 1), // the leftmost pixel in the highest bits
            };
        }
    }

    private void Write(int[] samples, Span<byte> pixel)
    {
        int alpha;
        if (header.Colours == PngHeader.Palette)
        {
            var colour = samples[0];
            if (3 * colour >= palette!.Length)
            {
                throw new InvalidDataException($"The PNG is damaged: a pixel has colour {colour} of a palette of {palette.Length / 3}.");
            }

            palette.AsSpan(3 * colour, 3).CopyTo(pixel);
            alpha = transparency is not null && colour < transparency.Length ? transparency[colour] : 255;
        }
        else
        {
            var colours = samples.Length < 3 ? 1 : 3;
            for (var c = 0; c < 3; c++)
            {
                pixel[c] = ToByte(samples[colours == 1 ? 0 : c]);
            }

            alpha = samples.Length > colours ? ToByte(samples[^1])
                : _transparentColour is not null && samples.AsSpan().SequenceEqual(_transparentColour) ? 0 : 255;
        }

        HasAlpha |= alpha < 255;
        for (var c = 0; c < 3; c++)
        {
            pixel[c] = (byte)(((pixel[c] * alpha) + (255 * (255 - alpha)) + 127) / 255);
        }
    }

    // Nearest, of a sample of however many bits.
    private byte ToByte(int sample)
    {
        var most = (1 << header.Bits) - 1;
        return (byte)(((sample * 255) + (most / 2)) / most);
    }
}
