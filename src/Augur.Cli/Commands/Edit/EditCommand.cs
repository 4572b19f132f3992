using System.CommandLine;
using System.Globalization;
using Augur.Cli.Commands.Options;

namespace Augur.Cli.Commands.Edit;

/// <summary><c>augur edit</c>: its options; what they mean together is in <see cref="EditRun"/>.</summary>
internal static class EditCommand
{
    public static Command Create()
    {
        var picture = new Argument<string>("picture") { Description = "PNG or JPEG that is changed." };
        var drawing = new DrawingOptions(
            withMethod: true, defaultCount: null, withPictures: true, defaultMethod: "every call is computed", "init", "reference", "strength");
        var inversion = new InversionOptions();
        var from = new Option<string?>("--from")
        {
            Description = "What the picture shows: a prompt, or a class; default: what it is to show for flow models, else nothing in particular.",
            HelpName = "TEXT",
        };
        var strength = NumberOptions.Number(
            "--strength", "Share of the steps that are taken back and forth; flow models take all.", "a number above 0, 1 at most",
            share => share is > 0 and <= 1, 1);
        var eta = NumberOptions.OptionalNumber(
            "--eta", "How much the first steps are drawn towards the picture, 0 to 1; default: 0.7 for flow models, 0 for diffusion models.",
            "a number from 0 to 1", eta => eta is >= 0 and <= 1);
        var stop = NumberOptions.Integer("--stop", "Steps in which they are.", 0, 1000, 6);
        var output = new Option<string>("--out") { Description = "PNG of the result.", HelpName = "PATH", DefaultValueFactory = _ => "edit.png" };
        var html = new Option<string?>("--html") { Description = "Page with before, after and difference; default: none.", HelpName = "PATH" };
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of sentences." };

        var command = new Command("edit", """
            Change a picture: it is inverted to noise and drawn anew, where a mask is white.

              augur edit apple-000.png "green apple" --from "red apple" --mask mask.png --policy eedit --out green.png --html edit.html
              augur edit meadow.png "a fox" --box 16,16,32,32 --paste fox.png --policy "eedit(region=box)" --model models/emoji-unet
              augur edit cat.jpg "a cat with a hat" --mask head.png --policy eedit --model FLUX.1-dev

            What the mask leaves black is the picture, bit for bit, in the latent. Without a mask or a box all of it may change.
            """) { picture, from, strength, eta, stop, output, html, json };
        inversion.AddTo(command);
        drawing.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var share = parsed.GetValue(strength).ToString(CultureInfo.InvariantCulture);
            var asked = drawing.Read(parsed, ("init", parsed.GetValue(picture)!), ("strength", share));
            return new EditRun
            {
                Drawing = Uncached(asked),
                IsUnasked = asked.Description is { Policy: null, Quality: null },
                Inversion = inversion.Read(parsed),
                From = parsed.GetValue(from),
                Eta = parsed.GetValue(eta),
                Stop = parsed.GetValue(stop),
                Out = parsed.GetValue(output)!,
                Html = parsed.GetValue(html),
                Json = parsed.GetValue(json),
                CommandLine = string.Join(' ', parsed.Tokens.Select(t => ShellWord.Quote(t.Value)).Prepend("augur")),
                Output = parsed.InvocationConfiguration.Output,
                Error = parsed.InvocationConfiguration.Error,
            }.RunAsync(cancellationToken);
        });
        return command;
    }

    // A model's profiles were measured on pictures drawn from noise, so that none is taken unasked.
    private static Drawing Uncached(Drawing asked) => asked.Description is { Policy: null, Quality: null } description
        ? asked with { Description = description with { Policy = "none" } } : asked;
}
