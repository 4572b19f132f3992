using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Augur.Cli;

/// <summary>Tells a terminal, which gets colours and boxes, from a pipe, which gets plain text.</summary>
internal static class Terminal
{
    /// <summary>The terminal behind a writer; null where there is none.</summary>
    public static IAnsiConsole? On(TextWriter writer) => writer is LastingWriter { IsTerminal: true } terminal
        ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new Screen(terminal) })
        : null;

    /// <summary>Columns that a table may take: the terminal's, or in a pipe what COLUMNS says, else 80.</summary>
    public static int Width(TextWriter writer) => On(writer) is { } console ? console.Profile.Width
        : int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
            && columns >= 40 ? columns : 80;

    /// <summary>Writes sentences: broken between words on a terminal, whole in a pipe.</summary>
    public static void WriteText(TextWriter writer, string text)
    {
        text = Printable.Text(text);
        if (On(writer) is { } console)
        {
            console.Write(new Text(text + "\n"));
            return;
        }

        writer.WriteLine(text);
    }

    // The library takes only the system's own writers for a terminal, and those fail when it is closed.
    private sealed class Screen(LastingWriter writer) : IAnsiConsoleOutput
    {
        private readonly AnsiConsoleOutput _size = new(writer);

        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => _size.Width;

        public int Height => _size.Height;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
