using Augur.Decoding;

namespace Augur.Tests.Decoding;

public sealed class SheetLabelsTests
{
    [Fact]
    public void Each_row_of_a_sheet_gets_a_letter_of_its_own_in_a_margin()
    {
        var sheet = new RgbImage(40, 60, [.. Enumerable.Repeat((byte)200, 3 * 40 * 60)]);
        var labelled = SheetLabels.Add(sheet, rows: 3);
        Assert.Equal((46, 60), (labelled.Width, labelled.Height));
        string[] letters = [.. Enumerable.Range(0, 3)
            .Select(row => string.Concat(Enumerable.Range(0, 20 * 6).Select(i => Red(i % 6, (20 * row) + (i / 6)) == 0 ? '#' : '.')))];
        Assert.Equal(3, letters.Distinct().Count());
        Assert.Contains("......" + "..#..." + ".#.#.." + ".###.." + ".#.#.." + ".#.#..", letters[0]);
        Assert.All(Enumerable.Range(0, 60), y => Assert.Equal(200, Red(6, y)));

        int Red(int x, int y) => labelled.Rgb[3 * ((y * labelled.Width) + x)];
    }

    [Fact]
    public void Labels_go_on_behind_Z() => Assert.Equal(["A", "Z", "AA", "AZ", "BA"], ((int[])[0, 25, 26, 51, 52]).Select(SheetLabels.Of));
}
