using System.CommandLine;
using System.Globalization;
using Augur.Cli.Commands.Options;
using Augur.Tuning;

namespace Augur.Cli.Commands.Tune;

/// <summary><c>augur tune</c>: its options; what they mean together is in <see cref="TuneRun"/>.</summary>
internal static class TuneCommand
{
    public static Command Create()
    {
        var drawing = new DrawingOptions(defaultCount: "24");
        var speedup = NumberOptions.OptionalNumber(
            "--speedup",
            "At least this many times fewer FLOPs, within half a percent (10 of 50 calls are 5 times), with the best quality that allows; "
                + "above 1 and at most 100.",
            "a number above 1 and at most 100",
            x => x is > 1 and <= 100);
        var quality = new Option<string?>("--quality")
        {
            Description = "At least this mean PSNR, as in 32dB, or a word, with as few FLOPs as that allows: "
                + $"{string.Join(", ", QualityWord.All.Select(Promise))}.",
            HelpName = "Q",
        };
        var agreement = NumberOptions.OptionalNumber(
            "--agreement",
            "Where the model writes, in place of --quality: at least this mean share of tokens is the uncached run's, in percent, place by place.",
            "a number above 0 and at most 100",
            x => x is > 0 and <= 100);
        var writing = new WritingOptions();
        var policy = new Option<string?>("--policy")
        {
            Description = "In place of searching all settings: close in on the one number that this policy leaves open, "
                + "as in \"teacache(threshold={0.01..2})\"; or, with none open, hold it against the target and write its profile.",
            HelpName = "NAME",
        };
        var trials = NumberOptions.Integer(
            "--trials", "Policies to try, at most; the uncached pictures and the final judgement come on top.", 1, 10000, 120);
        var objectives = new Option<string?>("--objectives")
        {
            Description = "In place of a target: search all choices that --policy leaves open in braces for the best trades of quality against cost, "
                + "as in \"dato(depth={0|1|2 x 49},ratio={0|0.3|0.6 x 10})\"; goes on from what --out has measured.",
            HelpName = FrontRun.Objectives,
        };
        objectives.AcceptOnlyFromAmong(FrontRun.Objectives);
        var population = NumberOptions.Integer("--population", "With --objectives: policies of a generation.", 4, 1000, 24);
        var members = NumberOptions.Integer("--members", "With --objectives: most members of the front that are stated.", 2, 100, 10);
        var heldOut = NumberOptions.Integer("--held-out", "Pictures, never seen by the search, to state what was found.", 2, 4096, 32);
        var output = new Option<string>("--out")
        {
            Description = "Profile, for --policy @PATH.",
            HelpName = "PATH",
            DefaultValueFactory = _ => "profile.json",
        };

        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of sentences." };
        var command = new Command("tune", """
            Search the settings that meet a target on a model, and write them as a profile.

              augur tune --speedup 5 --out fast.json
              augur tune --quality 34dB --trials 200 --model DiT-XL-2-256x256.pt --vae sd-vae-ft-ema
              augur tune --speedup 3 --policy "teacache(threshold={0.01..2})"
              augur tune --quality high --policy "augur(10)" --held-out 48
              augur generate rocket --policy @fast.json
              augur tune --model models/stories --length 64 --speedup 4 --out writer.json
              augur write "Once upon a time" --length 64 --policy @writer.json
              augur tune --objectives quality,cost --model models/emoji-unet --prompts-file prompts.txt \
                --policy "dato(depth={0|1|2 x 49})" --out front.json
              augur generate "a fox" --model models/emoji-unet --policy @front.json#3

            --count pictures (default 24, their classes spread over the model's) are searched on; their seeds begin at --seed, those held out at a
            million more. Of texts the prompts are: the first --count of those given, and the others held out; or beginnings that the model writes
            for itself. Ctrl-C writes the best so far, and says on how many pictures it was judged. Exit code 1 when the target cannot be met;
            then no file is written.
            """) { speedup, quality, agreement, objectives, policy, trials, population, members, heldOut, output, json };
        drawing.AddTo(command);
        writing.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(objectives) is not null)
            {
                return parsed.GetValue(speedup) is null && parsed.GetValue(quality) is null && parsed.GetValue(agreement) is null
                    ? Front(parsed).RunAsync(cancellationToken)
                    : throw CommandException.WrongUse(
                        "--objectives searches all trades of quality against cost; leave --speedup, --quality and --agreement out.");
            }

            var run = Target(parsed);
            return writing.IsOfTexts(parsed, run.Drawing, quality) ? Texts(parsed, run).RunAsync(cancellationToken)
                : parsed.GetValue(agreement) is null ? run.RunAsync(cancellationToken)
                : throw CommandException.WrongUse("--agreement is of texts; this model draws pictures.");
        });
        return command;

        TuneTextsRun Texts(ParseResult parsed, TuneRun asked) => new()
        {
            Asked = asked,
            Agreement = parsed.GetValue(agreement),
            Length = writing.Length(parsed),
            Beginning = writing.Beginning(parsed),
        };

        TuneRun Target(ParseResult parsed) => new()
        {
            Drawing = drawing.Read(parsed),
            Speedup = parsed.GetValue(speedup),
            Quality = parsed.GetValue(quality),
            Policy = parsed.GetValue(policy),
            Trials = parsed.GetValue(trials),
            HeldOut = parsed.GetValue(heldOut),
            Out = parsed.GetValue(output)!,
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        };

        FrontRun Front(ParseResult parsed) => new()
        {
            Drawing = drawing.Read(parsed),
            Policy = parsed.GetValue(policy),
            Options = new FrontOptions
            {
                Trials = parsed.GetValue(trials),
                Population = parsed.GetValue(population),
                Members = parsed.GetValue(members),
                Seed = unchecked((int)drawing.Read(parsed).Seed),
            },
            HeldOut = parsed.GetValue(heldOut),
            Out = parsed.GetValue(output)!,
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        };
    }

    private static string Promise(QualityWord word) =>
        string.Create(CultureInfo.InvariantCulture, $"{word.Word} ({word.Psnr} dB, at most {word.Share:0.##%} of the pictures below {word.Floor})");
}
