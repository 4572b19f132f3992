namespace Augur.Decoding;

/// <summary>Labels the rows of a sheet of pictures with letters.</summary>
public static class SheetLabels
{
    // The font: a letter has five rows of three pixels, one octal digit per row, with the left pixel as the highest bit.
    private static readonly string[] s_letters =
    [
        "25755", "65656", "34443", "65556", "74647", "74644", "34553", "55755", "72227", "11152", "55655", "44447", "57755",
        "65555", "25552", "65644", "25563", "65655", "34216", "72222", "55557", "55552", "55775", "55255", "55222", "71247",
    ];

    /// <summary>The label of a row: A, B, …, Z, AA, AB, …</summary>
    /// <param name="row">Index of the row, from 0.</param>
    public static string Of(int row) => (row < 26 ? "" : Of((row / 26) - 1)) + (char)('A' + (row % 26));

    /// <summary>
    /// Adds a margin on the left with the labels of the rows. A sheet that would exceed <see cref="RgbImage.MaxPixels"/> is returned unchanged.
    /// </summary>
    /// <param name="sheet">A sheet whose rows have equal heights.</param>
    /// <param name="rows">Number of rows.</param>
    public static RgbImage Add(RgbImage sheet, int rows)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var scale = Math.Clamp(sheet.Height / rows / 24, 1, 6); // pixels per pixel of the font
        var margin = scale * (2 + (4 * Of(rows - 1).Length));
        var width = sheet.Width + margin;
        if (sheet.Height / rows < 5 || (long)width * sheet.Height > RgbImage.MaxPixels)
        {
            return sheet;
        }

        var pixels = new byte[3 * width * sheet.Height];
        Array.Fill(pixels, (byte)255);
        ImageGrid.Place(sheet, pixels, width, margin, 0);
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
