using System.CommandLine;
using Augur.Cli;
using Augur.Cli.Commands;

var root = new RootCommand("Pictures from diffusion transformers, on the processor you have.")
{
    GenerateCommand.Create(),
    CompareCommand.Create(),
    InspectCommand.Create(),
    ReplayCommand.Create(),
};
return await CommandRunner.RunAsync(root, args, Console.Out, Console.Error);
