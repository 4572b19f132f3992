using System.CommandLine;
using Augur.Cli.Commands.Bench;
using Augur.Cli.Commands.Compare;
using Augur.Cli.Commands.Conversion;
using Augur.Cli.Commands.Devices;
using Augur.Cli.Commands.Edit;
using Augur.Cli.Commands.Fit;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Inspect;
using Augur.Cli.Commands.List;
using Augur.Cli.Commands.Replay;
using Augur.Cli.Commands.Tune;
using Augur.Cli.Commands.Write;

namespace Augur.Cli.Commands;

/// <summary>The program: every command it has.</summary>
internal static class AugurCommand
{
    private static readonly Dictionary<string, Func<Command>> s_commands = new(StringComparer.Ordinal)
    {
        ["generate"] = GenerateCommand.Create,
        ["write"] = WriteCommand.Create,
        ["edit"] = EditCommand.Create,
        ["invert"] = InvertCommand.Create,
        ["compare"] = CompareCommand.Create,
        ["bench"] = BenchCommand.Create,
        ["tune"] = TuneCommand.Create,
        ["fit"] = FitCommand.Create,
        ["inspect"] = InspectCommand.Create,
        ["convert"] = ConvertCommand.Create,
        ["list"] = ListCommand.Create,
        ["devices"] = DevicesCommand.Create,
        ["replay"] = ReplayCommand.Create,
    };

    /// <summary>The program with all its commands, or with the only one that a command line can mean.</summary>
    /// <param name="asked">
    /// First word of the command line: making one command instead of all saves a tenth of a second at every start. Null or another word: all.
    /// </param>
    public static RootCommand Create(string? asked = null)
    {
        var root = new RootCommand("""
            Pictures and texts from diffusion transformers, on the processor you have.

            Exit codes: 0 done, 1 failed, 2 wrong use. Ctrl-C stops at a step boundary, keeps what is finished and exits with 130 (SIGTERM: 143);
            a second one ends at once.
            """);
        foreach (var create in asked is not null && s_commands.TryGetValue(asked, out var only) ? [only] : s_commands.Values.AsEnumerable())
        {
            root.Add(create());
        }

        return root;
    }
}
