using Augur.Cli;

namespace Augur.Tests.Cli;

public sealed class TextTableTests
{
    private static readonly string[] s_titles = ["policy", .. Enumerable.Range(1, 14).Select(i => $"column {i}")];

    [Fact]
    public void A_table_that_is_too_wide_is_broken_between_whole_columns_and_long_names_get_letters()
    {
        var lines =
            Lines(new TextTable(s_titles, [Row("none", 1), Row("taylorseer(schedule=list(0-4-10-16-21-26-31-37-43-47,of=50),draft=foca)", 2)]));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        var heads = lines.Where(line => line.StartsWith("policy")).ToArray();
        Assert.True(heads.Length > 1);
        Assert.Equal(s_titles[1..], heads.SelectMany(head => head["policy".Length..].Split("  ", StringSplitOptions.RemoveEmptyEntries))
            .Select(t => t.Trim()));
        Assert.Equal(heads.Length, lines.Count(line => line.StartsWith("B ") && !line.Contains("taylorseer")));
        Assert.Contains("A  none", lines);
        Assert.Contains(lines, line => line.StartsWith("B  taylorseer"));
    }

    [Fact]
    public void A_table_that_fits_is_left_alone() =>
        Assert.Equal(["policy    column 1", "speca(a)         1"], Lines(new TextTable(s_titles[..2], [["speca(a)", "1"]])));

    [Fact]
    public void Csv_quotes_what_has_commas_or_quotes()
    {
        using var output = new StringWriter();
        new TextTable(["policy", "PSNR"], [["speca(a=1,b=2)", "3.5"], ["a \"b\"", "4"]]).WriteCsv(output);
        Assert.Equal("policy,PSNR\n\"speca(a=1,b=2)\",3.5\n\"a \"\"b\"\"\",4\n", output.ToString().ReplaceLineEndings("\n"));
    }

    private static string[] Row(string name, int value) => [name, .. Enumerable.Repeat($"{value}.25 ±0.5", 14)];

    private static string[] Lines(TextTable table)
    {
        using var output = new StringWriter();
        table.Write(output);
        return output.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
    }
}
