using System.CommandLine;
using Augur.Cli.Commands.Options;

namespace Augur.Cli.Commands.Fit;

/// <summary><c>augur fit error</c>: what tolerances of the policy augur come to.</summary>
internal static class FitErrorCommand
{
    public static Command Create()
    {
        var drawing = new DrawingOptions(defaultCount: $"{FitErrorRun.DefaultCount}", without: "guidance");
        var output = new Option<string>("--out") { Description = "The policy with its table, a .json file.", HelpName = "PATH", Required = true };
        var error = new Option<string>("--error")
        {
            Description = "Relative error of the result that 95 of 100 pictures are to stay within; the file's policy has it.",
            HelpName = "NUMBER",
            DefaultValueFactory = _ => "0.1",
        };
        var guidance = new Option<string?>("--guidance")
        {
            Description = "Scales of guidance that the pictures have in turn, separated by commas; default: the model's.",
            HelpName = "LIST",
        };
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of a table." };
        var command = new Command("error", """
            Measure what an error of the result asks of the drafts on the way to it, for the policy augur(error=...): pictures without a method,
            and under eight to twelve tolerances, each twice the one before, until the pictures are no likeness any more.

              augur fit error --guidance 1,2,4,7 --error 0.05 --out error.json
              augur generate rocket --policy @error.json

            The table is for one model; the number "error" in the file may be changed by hand.
            """) { output, error, guidance, json };
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new FitErrorRun
        {
            Drawing = drawing.Read(parsed),
            Out = parsed.GetValue(output)!,
            Wanted = parsed.GetValue(error)!,
            Guidance = parsed.GetValue(guidance),
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }
}
