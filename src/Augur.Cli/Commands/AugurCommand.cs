using System.CommandLine;
using Augur.Cli.Commands.Bench;
using Augur.Cli.Commands.Compare;
using Augur.Cli.Commands.Conversion;
using Augur.Cli.Commands.Fit;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Inspect;
using Augur.Cli.Commands.List;
using Augur.Cli.Commands.Replay;
using Augur.Cli.Commands.Tune;

namespace Augur.Cli.Commands;

/// <summary>The program: every command it has.</summary>
internal static class AugurCommand
{
    public static RootCommand Create() => new("""
        Pictures from diffusion transformers, on the processor you have.

        Exit codes: 0 done, 1 failed, 2 wrong use. Ctrl-C stops at a step boundary, keeps what is finished and exits with 130 (SIGTERM: 143);
        a second one ends at once.
        """)
    {
        GenerateCommand.Create(),
        CompareCommand.Create(),
        BenchCommand.Create(),
        TuneCommand.Create(),
        FitCommand.Create(),
        InspectCommand.Create(),
        ConvertCommand.Create(),
        ListCommand.Create(),
        ReplayCommand.Create(),
    };
}
