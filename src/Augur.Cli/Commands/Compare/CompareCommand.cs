using System.CommandLine;
using Augur.Cli.Commands.Audit;
using Augur.Cli.Commands.Options;

namespace Augur.Cli.Commands.Compare;

/// <summary><c>augur compare</c>: its options; what they mean together is in <see cref="CompareRun"/>.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var drawing = new DrawingOptions(withPictures: true);
        var audit = new AuditOptions();
        var policies = new Option<string>("--policies")
        {
            Description = "What to compare with the uncached run, separated by semicolons: caching methods with settings, @file.json, steps(N), "
                + "the uncached model with N steps, or solver(SAMPLER, N), the same with another sampler.",
            HelpName = "LIST",
            DefaultValueFactory = _ => "none; fora; taylorseer; speca",
        };
        var rounds = NumberOptions.Integer("--rounds", "Repetitions, in alternating order; times are medians. With 1, no ratio of times is "
            + "printed.", 1, CompareRun.MaxRounds, 3);
        var output = new Option<string>("--out")
        {
            Description = "PNG with a row of pictures per policy, 16 at "
            + "most.",
            HelpName = "PATH",
            DefaultValueFactory = _ => "compare.png"
        };
        var html = new Option<string?>("--html")
        {
            Description = "Page with the table, every picture, its difference and its calls; default: "
            + "none.",
            HelpName = "PATH"
        };
        var markdown = new Option<bool>("--markdown") { Description = "Print the table as Markdown." };
        var csv = new Option<string?>("--csv") { Description = "The table as comma-separated values; default: none.", HelpName = "PATH" };
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of the table." };

        var command = new Command("compare", """
            Draw the same pictures with several caching methods and compare quality and cost.

              augur compare --policies "steps(12); taylorseer(interval=5); speca" --count 16 --html compare.html
              augur compare rocket panda --policies "speca(base=0.1); speca(base=0.5)" --rounds 1 --markdown

            Seeds, noise and classes are the same for all; the uncached run is always made, first. Policies run one after the other.
            """) { policies, rounds, output, html, csv, markdown, json };
        audit.AddTo(command);
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new CompareRun
        {
            Drawing = drawing.Read(parsed),
            Policies = parsed.GetValue(policies)!,
            Rounds = parsed.GetValue(rounds),
            Out = parsed.GetValue(output)!,
            Html = parsed.GetValue(html),
            Csv = parsed.GetValue(csv),
            Audit = audit.Read(parsed),
            Markdown = parsed.GetValue(markdown),
            Json = parsed.GetValue(json),
            CommandLine = string.Join(' ', parsed.Tokens.Select(t => ShellWord.Quote(t.Value)).Prepend("augur")),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }
}
