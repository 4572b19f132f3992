using System.CommandLine;

namespace Augur.Cli.Commands;

/// <summary><c>augur generate</c>: its options; what they mean together is in <see cref="GenerateRun"/>.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name") { Description = "Classes to draw, by name, in turn; default: all the model's classes.", Arity = ArgumentArity.ZeroOrMore };
        names.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(t => t.Value.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
            {
                result.AddError($"There is no option '{unknown.Value}'.");
            }
        });
        var classes = new Option<int[]>("--class") { Description = "Classes to draw, by number, after the named ones.", HelpName = "N", AllowMultipleArgumentsPerToken = true };
        var count = new Option<int?>("--count") { Description = "Number of pictures; default: one per class given, else 16.", HelpName = "N" };
        var model = new Option<string?>("--model") { Description = "Weight file or folder; default: the built-in emoji model.", HelpName = "PATH" };
        var autoencoder = new Option<string?>("--vae") { Description = "Autoencoder, for a model of latents whose folder has none.", HelpName = "PATH" };
        var output = new Option<string>("--out") { Description = "PNG of the grid.", HelpName = "PATH", DefaultValueFactory = _ => "grid.png" };
        var each = new Option<bool>("--each") { Description = "Also write every picture: grid-000.png, grid-001.png, …" };
        var steps = new Option<int?>("--steps") { Description = "Sampler steps, 1 to 1000; default: the model's.", HelpName = "N" };
        var sampler = new Option<string?>("--sampler") { Description = "ddim, ddpm, dpm++, euler or heun, with settings as in \"ddim(eta=0.7)\"; default: the model's.", HelpName = "NAME" };
        var guidance = new Option<double?>("--guidance") { Description = "Classifier-free guidance, 0 to 100; 1 is none; default: the model's.", HelpName = "X" };
        var channels = new Option<string?>("--guidance-channels") { Description = "all, or first-three as DiT's released code; default: the model's.", HelpName = "WHICH" };
        channels.AcceptOnlyFromAmong("all", "first-three");
        var seed = new Option<long>("--seed") { Description = "Seed of the first picture; the next has the next.", HelpName = "N" };
        var noise = new Option<string>("--noise") { Description = "torch (PyTorch's CPU generator), cuda (its CUDA generator), or file:PATH.", HelpName = "KIND", DefaultValueFactory = _ => "torch" };
        var size = new Option<int?>("--size") { Description = "Pixels of a picture: the model's own size or a whole multiple, enlarged without smoothing; default: at least 128.", HelpName = "N" };
        var threads = ComputeOptions.Threads();
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of sentences." };

        var command = new Command("generate", """
            Draw pictures.

              augur generate "red apple" octopus rocket --count 16 --out grid.png
              augur generate --model DiT-XL-2-256x256.pt --vae sd-vae-ft-ema --class 207 --guidance 4

            The same seed and settings give the same picture. Ctrl-C stops at a step boundary and keeps finished pictures.
            """)
        {
            names, classes, count, model, autoencoder, output, each, steps, sampler, guidance, channels, seed, noise, size, threads, json,
        };
        command.SetAction((parsed, cancellationToken) => new GenerateRun
        {
            Names = parsed.GetValue(names) ?? [],
            Classes = parsed.GetValue(classes) ?? [],
            Count = parsed.GetValue(count),
            Model = parsed.GetValue(model),
            Autoencoder = parsed.GetValue(autoencoder),
            Out = parsed.GetValue(output)!,
            Each = parsed.GetValue(each),
            Steps = parsed.GetValue(steps),
            Sampler = parsed.GetValue(sampler),
            Guidance = parsed.GetValue(guidance),
            GuidanceChannels = parsed.GetValue(channels),
            Seed = parsed.GetValue(seed),
            Noise = parsed.GetValue(noise)!,
            Size = parsed.GetValue(size),
            Threads = parsed.GetValue(threads),
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }
}
