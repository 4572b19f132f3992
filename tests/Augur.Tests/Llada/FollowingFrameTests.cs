using Augur.Cli.Commands.Write;
using Spectre.Console;

namespace Augur.Tests.Llada;

public sealed class FollowingFrameTests
{
    private static readonly Style s_fresh = new(Color.Green);

    [Theory]
    [InlineData(1, "1 2 3 4")]
    [InlineData(5, "3 4 5 6")]
    [InlineData(9, "6 7 8 9")]
    [InlineData(null, "6 7 8 9")]
    public void A_text_taller_than_the_terminal_is_shown_where_it_is_written_or_else_at_its_end(int? fresh, string shown)
    {
        var text = new Paragraph();
        foreach (var line in Enumerable.Range(1, 9))
        {
            text.Append($"{line}", line == fresh ? s_fresh : Style.Plain).Append(line < 9 ? "\n" : "");
        }

        Assert.Equal(shown, Shown(text));
    }

    [Fact]
    public void A_text_that_fits_is_shown_whole() => Assert.Equal("1 2 3", Shown(new Paragraph("1\n2\n3")));

    private static string Shown(Paragraph text)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        (console.Profile.Width, console.Profile.Height) = (20, 5);
        console.Write(new FollowingFrame(new Rows(text), s_fresh));
        return string.Join(' ', writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
