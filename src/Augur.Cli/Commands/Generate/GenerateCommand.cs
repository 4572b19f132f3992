using System.CommandLine;
using Augur.Cli.Commands.Audit;
using Augur.Cli.Commands.Options;

namespace Augur.Cli.Commands.Generate;

/// <summary><c>augur generate</c>: its options; what they mean together is in <see cref="GenerateRun"/>.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var drawing = new DrawingOptions(withMethod: true, withPictures: true);
        var audit = new AuditOptions();
        var output = new Option<string>("--out") { Description = "PNG of the grid.", HelpName = "PATH", DefaultValueFactory = _ => "grid.png" };
        var each = new Option<bool>("--each") { Description = "Also write every picture: grid-000.png, grid-001.png, …" };
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of sentences." };

        var command = new Command("generate", """
            Draw pictures.

              augur generate "red apple" hamburger panda lion --count 16 --out grid.png
              augur generate rocket --count 16 --quality fast
              augur generate rocket --count 16 --policy speca
              augur generate --count 64 --policy speca --audit --audit-out audit.html
              augur generate --model DiT-XL-2-256x256.pt --vae sd-vae-ft-ema --class 207 --guidance 4
              augur generate "green apple" --init apple-000.png --strength 0.6
              augur generate "a red apple, flat style" --model FLUX.1-schnell --size 1024x768
              augur generate --prompts-file prompts.txt --negative blurry --model sd3.5_medium_incl_clips.safetensors --tokenizer sd3/tokenizer

            The same seed and settings give the same picture. Ctrl-C stops at a step boundary and keeps finished pictures.
            """) { output, each, json };
        audit.AddTo(command);
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new GenerateRun
        {
            Drawing = drawing.Read(parsed),
            Out = parsed.GetValue(output)!,
            Each = parsed.GetValue(each),
            Audit = audit.Read(parsed),
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }
}
