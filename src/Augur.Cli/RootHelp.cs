using System.CommandLine;

namespace Augur.Cli;

/// <summary>What <c>augur</c> says of itself: its commands in a line each; their own help has the rest.</summary>
internal static class RootHelp
{
    /// <summary>Whether a command line asks for it.</summary>
    public static bool IsAskedFor(IReadOnlyList<string> words) => words.Count == 0 || (words.Count == 1 && words[0] is "--help" or "-h" or "-?");

    public static void Write(RootCommand root, TextWriter output)
    {
        output.WriteLine($"""
            {FirstLine(root)}

              augur generate rocket
              augur write "Once upon a time"
              augur compare --policies "steps(12); speca; augur" --count 8
              augur list policies

            Commands:
            """);
        foreach (var command in root.Subcommands)
        {
            output.WriteLine($"  {command.Name,-9} {FirstLine(command)}");
        }

        output.WriteLine();
        Terminal.WriteText(output, string.Join('\n', (root.Description ?? "").Split('\n').Skip(1)).Trim());
        output.WriteLine("\nOptions and examples of a command: augur COMMAND --help. The version: augur --version.");
    }

    private static string FirstLine(Command command) => (command.Description ?? "").Split('\n')[0].TrimEnd();
}
