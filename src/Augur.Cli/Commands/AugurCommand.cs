using System.CommandLine;

namespace Augur.Cli.Commands;

/// <summary>The program: every command it has.</summary>
internal static class AugurCommand
{
    public static RootCommand Create() => new("Pictures from diffusion transformers, on the processor you have.")
    {
        GenerateCommand.Create(),
        CompareCommand.Create(),
        BenchCommand.Create(),
        TuneCommand.Create(),
        FitCommand.Create(),
        InspectCommand.Create(),
        ReplayCommand.Create(),
    };
}
