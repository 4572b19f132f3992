using System.CommandLine;
using System.Globalization;
using Augur.Catalogs;
using Augur.Requests;

namespace Augur.Cli.Commands.Options;

/// <summary>The options that say what to draw and how, for every command that draws: one for each field of a request, and those of the run.</summary>
internal sealed class DrawingOptions
{
    private static readonly string[] s_shared =
        ["class", "promptsFile", "negative", "count", "steps", "sampler", "guidance", "guidanceChannels", "seed", "noise", "size", "cacheBudget"];

    private static readonly string[] s_methods = ["policy", "quality"];

    private static readonly string[] s_pictures = ["init", "strength", "mask", "reference"];

    private readonly Argument<string[]> _prompts = new("prompt")
    {
        Description = "What to draw, in turn: texts; for a model of classes names or numbers, by default all of them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = "Weight file or folder; default: the built-in emoji model.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _transformer = PathOf("--transformer", "The network, where it lies apart from the model's other parts.");

    private readonly Option<string?>[] _textEncoders =
    [
        PathOf("--text-encoder", "A text encoder, where it lies apart; which one it is follows from its tensors."),
        PathOf("--text-encoder-2", "A second text encoder."),
        PathOf("--text-encoder-3", "A third text encoder."),
    ];

    private readonly Option<string?>[] _tokenizers =
    [
        PathOf("--tokenizer", "A tokenizer, where none lies beside its encoder: a folder, tokenizer.json, spiece.model or vocab.json."),
        PathOf("--tokenizer-2", "A second tokenizer."),
    ];

    private readonly Option<string?> _autoencoder = new("--vae")
    {
        Description = "Autoencoder, for a model of latents whose folder has none.",
        HelpName = "PATH",
    };

    private readonly Option<string[]> _loras = new("--lora")
    {
        Description = "A LoRA and how much of its change is made, 1 where it is not said; several add up.",
        HelpName = "FILE[:SCALE]",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _isPartly = new("--lora-partly")
    {
        Description = "Leave out keys of LoRAs that have no place in the model, and name them; otherwise they are an error.",
    };

    private readonly Option<string?> _memoryBudget = new("--memory-budget")
    {
        Description = "Most memory for working and kept features of all pictures in flight, such as 64MB or 1GiB; default: no limit.",
        HelpName = "SIZE",
    };

    private readonly Option<string?> _request = new("--request")
    {
        Description = "JSON file of these options, without dashes: {\"class\": \"red apple\", \"guidanceChannels\": \"all\"}. Options beside it win.",
        HelpName = "PATH",
    };

    private readonly ComputeOptions _compute = new();
    private readonly IReadOnlyList<(string Field, Option<string[]> Option)> _fields;
    private readonly bool _withMethod;

    /// <summary>Makes the options.</summary>
    /// <param name="withMethod">Whether one method is chosen, by policy or quality; otherwise calls are computed, or the command has methods of its
    /// own.</param>
    /// <param name="defaultCount">Number of pictures where none is given, in words; null: as requests have it.</param>
    /// <param name="withPictures">Whether pictures may begin with others.</param>
    /// <param name="without">Fields that the command has otherwise.</param>
    public DrawingOptions(bool withMethod = false, string? defaultCount = null, bool withPictures = false, params string[] without)
    {
        _withMethod = withMethod;
        _fields = [.. RequestDescription.Fields
            .Where(f => s_shared.Contains(f.Name) || (withMethod && s_methods.Contains(f.Name)) || (withPictures && s_pictures.Contains(f.Name)))
            .Where(f => !without.Contains(f.Name))
            .OrderBy(f => s_methods.Contains(f.Name) ? 0 : 1)
            .Select(f => (f.Name, For(f, f.Name == "count" ? defaultCount ?? f.Default : f.Default)))];
    }

    public void AddTo(Command command)
    {
        command.Add(_prompts);
        Option[] files = [_model, _transformer, .. _textEncoders, _autoencoder, .. _tokenizers, _loras, _isPartly];
        foreach (Option option in (Option[])[.. _fields.Select(f => f.Option), .. files, _memoryBudget, .. _compute.All])
        {
            command.Add(option);
        }

        if (_withMethod)
        {
            command.Add(_request);
        }
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="also">Fields that the command has otherwise, with their texts.</param>
    /// <exception cref="ArgumentException">What is given is not what an option may be.</exception>
    /// <exception cref="CommandException">The file of a request cannot be read.</exception>
    public Drawing Read(ParseResult parsed, params (string Field, string Text)[] also)
    {
        var given = also.Concat((parsed.GetValue(_prompts) ?? []).Select(text => ("prompt", text)))
            .Concat(_fields.SelectMany(f => (parsed.GetValue(f.Option) ?? []).Select(text => (f.Field, text))));
        var written = _withMethod && parsed.GetValue(_request) is { } file ? FromFile(file) : new RequestDescription();
        var description = (written with { MayReadFiles = true }).With(given, OptionOf);
        return new()
        {
            Description = _withMethod ? description : description with { Policy = "none" },
            Model = parsed.GetValue(_model),
            Transformer = parsed.GetValue(_transformer),
            TextEncoders = [.. _textEncoders.Select(parsed.GetValue).OfType<string>()],
            Tokenizers = [.. _tokenizers.Select(parsed.GetValue).OfType<string>()],
            Autoencoder = parsed.GetValue(_autoencoder),
            Loras = [.. (parsed.GetValue(_loras) ?? []).Select(LoraSource.Parse)],
            LorasMayBePartial = parsed.GetValue(_isPartly),
            MemoryBudget = parsed.GetValue(_memoryBudget) is { } memory ? ByteSize.Parse(_memoryBudget.Name, memory) : null,
            Compute = _compute.Read(parsed),
        };
    }

    private static Option<string?> PathOf(string name, string description) => new(name) { Description = description, HelpName = "PATH" };

    private static Option<string[]> For(RequestField field, string @default)
    {
        var option = new Option<string[]>(OptionOf(field.Name))
        {
            Description = $"{field.Doc} {field.Values}; default: {@default}.",
            HelpName = field.Name switch
            {
                "class" => "CLASS",
                "seed" or "count" or "steps" => "N",
                "size" => "WxH",
                "promptsFile" or "init" or "mask" or "reference" => "PATH",
                "guidance" or "strength" => "X",
                "cacheBudget" => "SIZE",
                "quality" => "WORD",
                "policy" or "negative" => "TEXT",
                _ => "NAME",
            },
            AllowMultipleArgumentsPerToken = field.IsList,
            Arity = ArgumentArity.OneOrMore, // a second one is refused where all are read
        };
        option.Validators.Add(result =>
        {
            try
            {
                _ = new RequestDescription().With(result.Tokens.Select(token => (field.Name, token.Value)), OptionOf);
            }
            catch (ArgumentException wrong)
            {
                result.AddError(wrong.Message);
            }
        });
        return option;
    }

    // guidanceChannels is --guidance-channels.
    private static string OptionOf(string field) =>
        "--" + string.Concat(field.Select(c => char.IsAsciiLetterUpper(c) ? $"-{char.ToLower(c, CultureInfo.InvariantCulture)}" : c.ToString()));

    private static RequestDescription FromFile(string path)
    {
        try
        {
            return File.Exists(path) ? RequestDescription.FromJson(File.ReadAllBytes(path))
                : throw CommandException.Failed($"--request {path}: there is no such file.");
        }
        catch (ArgumentException wrong)
        {
            throw CommandException.Failed($"{path}: {wrong.Message}");
        }
    }
}
