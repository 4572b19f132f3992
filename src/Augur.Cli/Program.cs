using Augur.Cli;
using Augur.Cli.Commands;

var output = LastingWriter.Standard(() => Console.Out, () => Console.IsOutputRedirected);
var error = LastingWriter.Standard(() => Console.Error, () => Console.IsErrorRedirected);

// What escapes on another thread cannot be caught any more, but it can be said in a sentence.
AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
{
    error.WriteLine(CommandRunner.Sentence((Exception)unhandled.ExceptionObject));
    Environment.Exit(1);
};
using var interruption = Interruption.OfProcess(error);
return await CommandRunner.RunAsync(AugurCommand.Create(args.FirstOrDefault()), args, output, error, interruption);
