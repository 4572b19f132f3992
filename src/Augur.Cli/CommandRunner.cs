using System.CommandLine;
using Augur.Tensors.Weights;

namespace Augur.Cli;

/// <summary>A run that ended early for a reason the user should read; exit code 1 (failed) or 2 (wrong use).</summary>
internal sealed class CommandException(string message, int exitCode) : Exception(message)
{
    public int ExitCode => exitCode;

    public static CommandException WrongUse(string message) => new(message, 2);

    public static CommandException Failed(string message) => new(message, 1);
}

/// <summary>Parses and runs a command line: 0 for success, 1 for failure, 2 for wrong use; one sentence instead of a stack trace.</summary>
internal static class CommandRunner
{
    /// <summary>What shells expect of a program that Ctrl-C ended.</summary>
    public const int Cancelled = 130;

    public static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter output, TextWriter error)
    {
        // A word with @ in front is a policy file, not a file of further words.
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (ParseErrors.Explain(parsed) is { } wrong)
        {
            await error.WriteLineAsync($"augur: {wrong}");
            return 2;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("augur: stopped at a step boundary; no file was left half written.");
            return Cancelled;
        }
        catch (Exception problem) when (Explain(problem) is { } known)
        {
            await error.WriteLineAsync($"augur: {known.Message}");
            return known.ExitCode;
        }
    }

    // Requests that cannot be served are wrong use; files and machines that are not as they should be are failures.
    private static CommandException? Explain(Exception problem) => problem switch
    {
        CommandException known => known,
        ArgumentException wrong => CommandException.WrongUse(wrong is ArgumentOutOfRangeException or { ParamName: not null } ? FirstLine(wrong.Message, wrong.ParamName) : wrong.Message),
        WeightFileException or IOException or UnauthorizedAccessException or PlatformNotSupportedException or NotSupportedException or InvalidDataException => CommandException.Failed(problem.Message),
        OutOfMemoryException => CommandException.Failed("there is not enough memory for this model and batch."),
        _ => null,
    };

    // The base library appends "(Parameter 'x')" and the value; the sentence before says it all.
    private static string FirstLine(string message, string? parameter)
    {
        var end = message.IndexOf($" (Parameter '{parameter}')", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
