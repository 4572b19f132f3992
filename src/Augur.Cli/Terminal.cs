using System.Globalization;
using Spectre.Console;

namespace Augur.Cli;

/// <summary>Tells a terminal, which gets colours and boxes, from a pipe, which gets plain text.</summary>
internal static class Terminal
{
    /// <summary>The terminal behind a writer; null where there is none.</summary>
    public static IAnsiConsole? On(TextWriter writer) => ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected
        ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) })
        : null;

    /// <summary>Columns that a table may take: the terminal's, or in a pipe what COLUMNS says, else 80.</summary>
    public static int Width(TextWriter writer) => On(writer) is { } console ? console.Profile.Width
        : int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns >= 40 ? columns : 80;

    /// <summary>Writes sentences: broken between words on a terminal, whole in a pipe.</summary>
    public static void WriteText(TextWriter writer, string text)
    {
        if (On(writer) is { } console)
        {
            console.Write(new Text(text + "\n"));
            return;
        }

        writer.WriteLine(text);
    }
}
