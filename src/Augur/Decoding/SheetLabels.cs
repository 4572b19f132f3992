namespace Augur.Decoding;

/// <summary>Writes letters beside the rows of a sheet, so that a picture says by itself which row is which.</summary>
public static class SheetLabels
{
    // A letter has five rows of three pixels; a digit is a row in octal, the left pixel its highest bit.
    private static readonly string[] s_letters =
    [
        "25755", "65656", "34443", "65556", "74647", "74644", "34553", "55755", "72227", "11152", "55655", "44447", "57755",
        "65555", "25552", "65644", "25563", "65655", "34216", "72222", "55557", "55552", "55775", "55255", "55222", "71247",
    ];

    /// <summary>The label of a row: A, B, …, Z, AA, AB, …</summary>
    /// <param name="row">From 0.</param>
    public static string Of(int row) => (row < 26 ? "" : Of((row / 26) - 1)) + (char)('A' + (row % 26));

    /// <summary>
    /// The sheet with a margin on the left that has the rows' labels; the sheet as it is where that would be larger than a picture may be.
    /// </summary>
    /// <param name="sheet">Rows of one height.</param>
    /// <param name="rows">How many.</param>
    public static RgbImage Add(RgbImage sheet, int rows)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var scale = Math.Clamp(sheet.Height / rows / 24, 1, 6); // pixels of a letter's pixel
        var margin = scale * (2 + (4 * Of(rows - 1).Length));
        var width = sheet.Width + margin;
        if (sheet.Height / rows < 5 || (long)width * sheet.Height > RgbImage.MaxPixels)
        {
            return sheet;
        }

        var pixels = new byte[3 * width * sheet.Height];
        Array.Fill(pixels, (byte)255);
        for (var y = 0; y < sheet.Height; y++)
        {
            sheet.Rgb.Slice(3 * y * sheet.Width, 3 * sheet.Width).CopyTo(pixels.AsSpan(3 * ((y * width) + margin)));
        }

        for (var row = 0; row < rows; row++)
        {
            var top = ((((2 * row) + 1) * sheet.Height / rows) - (5 * scale)) / 2;
            foreach (var (letter, place) in Of(row).Select((letter, place) => (letter, place)))
            {
                Draw(pixels, width, s_letters[letter - 'A'], scale * (1 + (4 * place)), top, scale);
            }
        }

        return new RgbImage(width, sheet.Height, pixels);
    }

    private static void Draw(byte[] pixels, int width, string letter, int left, int top, int scale)
    {
        for (var y = 0; y < 5 * scale; y++)
        {
            for (var x = 0; x < 3 * scale; x++)
            {
                if (((letter[y / scale] - '0') & (4 >> (x / scale))) != 0)
                {
                    pixels.AsSpan(3 * (((top + y) * width) + left + x), 3).Clear();
                }
            }
        }
    }
}
