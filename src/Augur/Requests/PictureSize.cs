using System.Globalization;

namespace Augur.Requests;

/// <summary>Size of a picture in pixels.</summary>
/// <param name="Width">From left to right, 1 to <see cref="RequestDescription.MaxSize"/>.</param>
/// <param name="Height">From top to bottom, likewise.</param>
public readonly record struct PictureSize(int Width, int Height)
{
    /// <summary>The accepted texts, in words.</summary>
    internal static string Values => $"a number of pixels from 1 to {RequestDescription.MaxSize}, or WIDTHxHEIGHT";

    /// <summary>A square.</summary>
    /// <param name="side">In pixels.</param>
    public static implicit operator PictureSize(int side) => new(side, side);

    /// <summary>Reads <c>512</c> or <c>1024x768</c>.</summary>
    /// <param name="name">The field or option, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">It is no size; the message says what one is.</exception>
    public static PictureSize Parse(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sides = text.Split('x', 'X');
        return sides.Length switch
        {
            1 => (PictureSize)Side(sides[0]),
            2 => new PictureSize(Side(sides[0]), Side(sides[1])),
            _ => throw NumberText.Wrong(name, text, Values),
        };

        int Side(string side) =>
            int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) && pixels is >= 1 and <= RequestDescription.MaxSize
                ? pixels : throw NumberText.Wrong(name, text, Values);
    }

    /// <summary>As <see cref="Parse"/> reads it: one number for a square.</summary>
    public override string ToString() => Width == Height ? Width.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
