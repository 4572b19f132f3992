using System.CommandLine;

namespace Augur.Cli.Commands;

/// <summary>The program: every command it has.</summary>
internal static class AugurCommand
{
    public static RootCommand Create() => new("""
        Pictures from diffusion transformers, on the processor you have.

        Exit codes: 0 done, 1 failed, 2 wrong use. Ctrl-C stops at a step boundary, keeps what is finished and exits with 130 (SIGTERM: 143); a second one ends at once.
        """)
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
