using Augur.Cli;
using Augur.Cli.Commands;

return await CommandRunner.RunAsync(AugurCommand.Create(), args, Console.Out, Console.Error);
