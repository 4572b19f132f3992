using System.CommandLine;
using Augur.Cli.Commands.Options;

namespace Augur.Cli.Commands.Fit;

/// <summary><c>augur fit l2c</c>: its options; what they mean together is in <see cref="FitL2CRun"/>.</summary>
internal static class FitL2CCommand
{
    public static Command Create()
    {
        var drawing = new DrawingOptions(defaultCount: $"{FitL2CRun.DefaultCount}");
        var output = new Option<string>("--out") { Description = "The router, a .safetensors file.", HelpName = "PATH", Required = true };
        var reuse = NumberOptions.Number(
            "--reuse", "Share of every second call's branch FLOPs that is reused, above 0 and below 1.", "a number above 0 and below "
                + "1", share => share is > 0 and < 1, 0.5);
        var compared = NumberOptions.Integer(
            "--compare", "Held-out pictures on which the router is compared with random and uniform reuse of equal cost; 0: "
                + "none.", 0, FitL2CRun.MaxCompared, 8);
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of sentences and table." };
        var command = new Command("l2c", """
            Learn which branches of which calls may be reused from the call before, for the policy l2c.

              augur fit l2c --out router.safetensors --reuse 0.5
              augur fit l2c --out router20.safetensors --steps 20 --count 8 --reuse 0.3
              augur generate rocket --policy "l2c(router=router.safetensors)"

            A router is for one model, sampler and number of steps, which the file names. It is learned from --count uncached pictures,
            4 unless given.
            """) { output, reuse, compared, json };
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new FitL2CRun
        {
            Drawing = drawing.Read(parsed),
            Out = parsed.GetValue(output)!,
            Reuse = parsed.GetValue(reuse),
            Compared = parsed.GetValue(compared),
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }
}
