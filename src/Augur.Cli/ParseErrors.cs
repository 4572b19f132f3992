using System.CommandLine;
using System.CommandLine.Parsing;
using Augur.Notation;

namespace Augur.Cli;

/// <summary>What is wrong with a command line that does not parse, in one sentence, and where help is.</summary>
internal static class ParseErrors
{
    /// <summary>Null: it parses, and no option was taken for something else.</summary>
    public static string? Explain(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0 && !parsed.CommandResult.Tokens.Any(t => IsOption(parsed, t.Value)))
        {
            return null;
        }

        var command = parsed.CommandResult.Command;
        var path = Path(parsed.CommandResult);
        return $"{Sentence(parsed, command, path)} Try '{path} --help'.";
    }

    private static string Sentence(ParseResult parsed, Command command, string path)
    {
        string[] subcommands = [.. command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)];
        var unknown = parsed.UnmatchedTokens.Concat(parsed.CommandResult.Tokens.Select(t => t.Value)).FirstOrDefault(IsUnknown);
        string[] options = [.. command.Options.Select(o => o.Name)];
        return unknown is null ? subcommands.Length > 0 ? $"{path} needs a command: {string.Join(", ", subcommands)}." : parsed.Errors[0].Message
            : unknown.StartsWith('-') && options.Length == 0 ? $"{path} needs a command before {unknown}: {string.Join(", ", subcommands)}."
            : unknown.StartsWith('-') ? $"There is no option \"{unknown}\"; {Spelling.Suggest(unknown, options)}."
            : subcommands.Length > 0 ? $"There is no command \"{unknown}\"; {Spelling.Suggest(unknown, subcommands)}."
            : $"\"{unknown}\" is one word too many.";

        bool IsUnknown(string word) => parsed.UnmatchedTokens.Contains(word) || IsOption(parsed, word);
    }

    // What stands behind two dashes is taken as it is.
    private static bool IsOption(ParseResult parsed, string word) => word.StartsWith("--", StringComparison.Ordinal)
        && parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash).Any(t => t.Value == word);

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "augur";
}
