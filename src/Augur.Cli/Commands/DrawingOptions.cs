using System.CommandLine;

namespace Augur.Cli.Commands;

/// <summary>The options that say what to draw and how, for every command that draws.</summary>
internal sealed class DrawingOptions
{
    private readonly Argument<string[]> _names = new("name") { Description = "Classes to draw, by name, in turn; default: all the model's classes.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<int[]> _classes = new("--class") { Description = "Classes to draw, by number, after the named ones.", HelpName = "N", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int?> _count = new("--count") { Description = "Number of pictures; default: one per class given, else 16.", HelpName = "N" };
    private readonly Option<string?> _model = new("--model") { Description = "Weight file or folder; default: the built-in emoji model.", HelpName = "PATH" };
    private readonly Option<string?> _autoencoder = new("--vae") { Description = "Autoencoder, for a model of latents whose folder has none.", HelpName = "PATH" };
    private readonly Option<int?> _steps = new("--steps") { Description = "Sampler steps, 1 to 1000; default: the model's.", HelpName = "N" };
    private readonly Option<string?> _sampler = new("--sampler") { Description = "ddim, ddpm, dpm++, euler or heun, with settings as in \"ddim(eta=0.7)\"; default: the model's.", HelpName = "NAME" };
    private readonly Option<double?> _guidance = new("--guidance") { Description = "Classifier-free guidance, 0 to 100; 1 is none; default: the model's.", HelpName = "X" };
    private readonly Option<string?> _channels = new("--guidance-channels") { Description = "all, or first-three as DiT's released code; default: the model's.", HelpName = "WHICH" };
    private readonly Option<long> _seed = new("--seed") { Description = "Seed of the first picture; the next has the next.", HelpName = "N" };
    private readonly Option<string> _noise = new("--noise") { Description = "torch (PyTorch's CPU generator), cuda (its CUDA generator), or file:PATH.", HelpName = "KIND", DefaultValueFactory = _ => "torch" };
    private readonly Option<int?> _size = new("--size") { Description = "Pixels of a picture: the model's own size or a whole multiple, enlarged without smoothing; default: at least 128.", HelpName = "N" };
    private readonly Option<string?> _memoryBudget = new("--memory-budget") { Description = "Most memory for working and kept features of all pictures in flight, such as 64MB or 1GiB; default: no limit.", HelpName = "SIZE" };
    private readonly Option<string?> _cacheBudget = new("--cache-budget") { Description = "Most memory for the kept features of one picture; default: no limit.", HelpName = "SIZE" };
    private readonly Option<int?> _threads = ComputeOptions.Threads();
    private readonly Option<string?> _device = ComputeOptions.Device();

    public DrawingOptions()
    {
        _channels.AcceptOnlyFromAmong("all", "first-three");
        _names.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(t => t.Value.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
            {
                result.AddError($"There is no option '{unknown.Value}'.");
            }
        });
    }

    public void AddTo(Command command)
    {
        command.Add(_names);
        foreach (Option option in (Option[])[_classes, _count, _model, _autoencoder, _steps, _sampler, _guidance, _channels, _seed, _noise, _size, _memoryBudget, _cacheBudget, _threads, _device])
        {
            command.Add(option);
        }
    }

    /// <exception cref="CommandException">An amount of memory is not one.</exception>
    public Drawing Read(ParseResult parsed) => new()
    {
        Names = parsed.GetValue(_names) ?? [],
        Classes = parsed.GetValue(_classes) ?? [],
        Count = parsed.GetValue(_count),
        Model = parsed.GetValue(_model),
        Autoencoder = parsed.GetValue(_autoencoder),
        Steps = parsed.GetValue(_steps),
        Sampler = parsed.GetValue(_sampler),
        Guidance = parsed.GetValue(_guidance),
        GuidanceChannels = parsed.GetValue(_channels),
        Seed = parsed.GetValue(_seed),
        Noise = parsed.GetValue(_noise)!,
        Size = parsed.GetValue(_size),
        MemoryBudget = parsed.GetValue(_memoryBudget) is { } memory ? ByteSize.Parse(_memoryBudget.Name, memory) : null,
        CacheBudget = parsed.GetValue(_cacheBudget) is { } cache ? ByteSize.Parse(_cacheBudget.Name, cache) : null,
        Threads = parsed.GetValue(_threads),
        Device = parsed.GetValue(_device),
    };
}
