using System.CommandLine;
using System.Reflection;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Cli;

/// <summary>A run that ended early for a reason the user should read; exit code 1 (failed) or 2 (wrong use).</summary>
internal sealed class CommandException(string message, int exitCode) : Exception(message)
{
    public int ExitCode => exitCode;

    public static CommandException WrongUse(string message) => new(message, 2);

    public static CommandException Failed(string message) => new(message, 1);
}

/// <summary>
/// Parses and runs a command line: 0 for success, 1 for failure, 2 for wrong use, 129, 130 or 143 after a signal; one sentence instead of a stack
/// trace.
/// </summary>
internal static class CommandRunner
{
    /// <summary>What a run returns that was stopped before its end and kept what was finished.</summary>
    public const int Cancelled = Interruption.ByKeyboard;

    // With any value, stack traces follow the sentences.
    private const string TraceVariable = "AUGUR_TRACE";

    public static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter output, TextWriter error, Interruption? interruption = null)
    {
        LastingWriter lastingOutput = LastingWriter.Over(output), lastingError = LastingWriter.Over(error);
        var code = await RunAsync(root, args, Configuration(lastingOutput, lastingError), interruption?.Token ?? CancellationToken.None);
        if (code == 0 && lastingOutput.Failure is { } lost)
        {
            await lastingError.WriteLineAsync(
                $"augur: not all that was to be said could be written, though files are: {Printable.Line(lost.Message)}");
            return 1;
        }

        return code == Cancelled && interruption?.ExitCode is { } asked ? asked : code;
    }

    /// <summary>How the parser's host runs a command.</summary>
    internal static InvocationConfiguration Configuration(TextWriter output, TextWriter error) => new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null, // it would end the process in the midst of a step; signals are Interruption's
        Output = output,
        Error = error,
    };

    /// <summary>A failure as the last thing that a user reads of it.</summary>
    internal static string Sentence(Exception problem)
    {
        var sentence = $"augur: {Printable.Line(Explain(problem).Message)}";
        return Environment.GetEnvironmentVariable(TraceVariable) is { Length: > 0 } ? $"{sentence}\n{problem}" : sentence;
    }

    private static async Task<int> RunAsync(RootCommand root, string[] args, InvocationConfiguration configuration,
        CancellationToken cancellationToken)
    {
        var error = configuration.Error;
        try
        {
            if (RootHelp.IsAskedFor(args))
            {
                RootHelp.Write(root, configuration.Output);
                return 0;
            }

            // A word with @ in front is a policy file, not a file of further words.
            var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (ParseErrors.Explain(parsed) is not { } wrong)
            {
                return await parsed.InvokeAsync(configuration, cancellationToken);
            }

            await error.WriteLineAsync($"augur: {Printable.Line(wrong)}");
            return 2;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("augur: stopped at a step boundary; no file was left half written.");
            return Cancelled;
        }
        catch (Exception problem)
        {
            await error.WriteLineAsync(Sentence(problem));
            return Explain(problem).ExitCode;
        }
    }

    // Requests that cannot be served are wrong use; files and machines that are not as they should be are failures, and so is what nobody thought of.
    private static CommandException Explain(Exception problem) => problem switch
    {
        CommandException known => known,
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        TypeInitializationException or TargetInvocationException when problem.InnerException is { } inner => Explain(inner),
        ArgumentException wrong => CommandException.WrongUse(
            wrong is ArgumentOutOfRangeException or { ParamName: not null } ? FirstLine(wrong.Message, wrong.ParamName) : wrong.Message),
        WeightFileException or NotFiniteException => CommandException.Failed(problem.Message),
        IOException or UnauthorizedAccessException or PlatformNotSupportedException or NotSupportedException or InvalidDataException =>
            CommandException.Failed(problem.Message),
        BackendOutOfMemoryException or BackendLostException => CommandException.Failed(problem.Message),
        OutOfMemoryException => CommandException.Failed("there is not enough memory for this model and batch."),
        _ => CommandException.Failed($"a fault of the program: {problem.Message.TrimEnd('.')}. {TraceVariable}=1 in the environment shows where."),
    };

    // The base library appends "(Parameter 'x')" and the value; the sentence before says it all.
    private static string FirstLine(string message, string? parameter)
    {
        var end = message.IndexOf($" (Parameter '{parameter}')", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
