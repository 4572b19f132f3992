using Spectre.Console;

namespace Augur.Cli;

/// <summary>Tells a terminal, which gets colours and boxes, from a pipe, which gets plain text.</summary>
internal static class Terminal
{
    /// <summary>The terminal behind a writer; null where there is none.</summary>
    public static IAnsiConsole? On(TextWriter writer) => ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected
        ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) })
        : null;

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
