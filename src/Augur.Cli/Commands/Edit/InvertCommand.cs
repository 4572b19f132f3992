using System.CommandLine;
using Augur.Cli.Commands.Options;

namespace Augur.Cli.Commands.Edit;

/// <summary><c>augur invert</c>: its options; what they mean together is in <see cref="InvertRun"/>.</summary>
internal static class InvertCommand
{
    public static Command Create()
    {
        var picture = new Argument<string>("picture") { Description = "PNG or JPEG that is inverted." };
        var drawing = new DrawingOptions(
            withMethod: false, defaultCount: null, withPictures: false, defaultMethod: null, "count", "negative", "promptsFile", "cacheBudget",
            "guidanceInterval");
        var inversion = new InversionOptions();
        var output = new Option<string>("--out")
        {
            Description = "PNG of the picture that the noise leads back to.",
            HelpName = "PATH",
            DefaultValueFactory = _ => "inverted.png",
        };
        var latent = new Option<string?>("--latent")
        {
            Description = "File for the noise, which augur generate takes with --noise file:PATH; default: none.",
            HelpName = "PATH",
        };
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of sentences." };

        var command = new Command("invert", """
            Find the noise that leads to a picture, and say how near the way back comes to it.

              augur invert apple-000.png "red apple" --iterations 3 --latent noise.safetensors
              augur generate "green apple" --noise file:noise.safetensors --guidance 1

            """) { picture, output, latent, json };
        inversion.AddTo(command);
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new InvertRun
        {
            Drawing = drawing.Read(parsed, ("init", parsed.GetValue(picture)!), ("strength", "1"), ("count", "1")),
            Inversion = inversion.Read(parsed),
            Out = parsed.GetValue(output)!,
            Latent = parsed.GetValue(latent),
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }
}
