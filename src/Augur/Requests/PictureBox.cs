using System.Globalization;
using Augur.Decoding;

namespace Augur.Requests;

/// <summary>A rectangle of a picture, in pixels.</summary>
/// <param name="Left">First column, from 0.</param>
/// <param name="Top">First row, from 0.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public readonly record struct PictureBox(int Left, int Top, int Width, int Height)
{
    /// <summary>The accepted texts, in words.</summary>
    internal static string Values => "LEFT,TOP,WIDTH,HEIGHT in pixels, such as 8,8,16,16";

    /// <summary>Reads <c>8,8,16,16</c>.</summary>
    /// <param name="name">The field or option, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">It is no box; the message says what one is.</exception>
    public static PictureBox Parse(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var numbers = text.Split(',');
        var read = new int[4];
        var areNumbers = numbers.Length == read.Length && numbers.Index().All(part =>
            int.TryParse(part.Item, NumberStyles.None, CultureInfo.InvariantCulture, out read[part.Index])
            && read[part.Index] <= RequestDescription.MaxSize);
        return areNumbers && read[2] > 0 && read[3] > 0 ? new(read[0], read[1], read[2], read[3]) : throw NumberText.Wrong(name, text, Values);
    }

    /// <summary>Refuses a picture that it does not lie in.</summary>
    /// <exception cref="ArgumentException">It reaches beyond the picture's sides.</exception>
    internal void RequireIn(RgbImage picture)
    {
        if (Left + Width > picture.Width || Top + Height > picture.Height)
        {
            throw new ArgumentException($"The box {this} reaches beyond the picture, which is {picture.Width}x{picture.Height} pixels.");
        }
    }

    /// <summary>A mask of that size, white inside.</summary>
    internal RgbImage Mask(int width, int height)
    {
        var rgb = new byte[3 * width * height];
        for (var y = Top; y < Top + Height; y++)
        {
            rgb.AsSpan(3 * ((y * width) + Left), 3 * Width).Fill(255);
        }

        return new RgbImage(width, height, rgb);
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Left},{Top},{Width},{Height}");
}
