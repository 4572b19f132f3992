using System.CommandLine;
using System.Globalization;
using Augur.Catalogs;
using Augur.Requests;

namespace Augur.Cli.Commands.Options;

/// <summary>The options that say what to draw and how, for every command that draws: one for each field of a request, and those of the run.</summary>
internal sealed class DrawingOptions
{
    private static readonly string[] s_shared =
    [
        "class", "promptsFile", "negative", "count", "steps", "sampler", "guidance", "guidanceChannels", "guidanceInterval", "seed", "noise", "size",
        "cacheBudget",
    ];

    private static readonly string[] s_methods = ["policy", "quality"];

    private static readonly string[] s_pictures = ["init", "strength", "mask", "box", "paste", "reference"];

    private readonly Argument<string[]> _prompts = new("prompt")
    {
        Description = "What to draw, in turn: texts; for a model of classes names or numbers, by default all of them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = "Weight file or folder; default: the built-in emoji model of classes where every prompt is one's name, else that of texts.",
        HelpName = "PATH",
    };

    private readonly ModelFileOptions _files = new();

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
    /// <param name="defaultMethod">What is done where no method is chosen, in words; null: as requests have it.</param>
    /// <param name="without">Fields that the command has otherwise.</param>
    public DrawingOptions(
        bool withMethod = false, string? defaultCount = null, bool withPictures = false, string? defaultMethod = null, params string[] without)
    {
        _withMethod = withMethod;
        _fields = [.. RequestDescription.Fields
            .Where(f => s_shared.Contains(f.Name) || (withMethod && s_methods.Contains(f.Name)) || (withPictures && s_pictures.Contains(f.Name)))
            .Where(f => !without.Contains(f.Name))
            .OrderBy(f => s_methods.Contains(f.Name) ? 0 : 1)
            .Select(f => (f.Name, For(f, (f.Name == "count" ? defaultCount : s_methods.Contains(f.Name) ? defaultMethod : null) ?? f.Default)))];
    }

    public void AddTo(Command command)
    {
        command.Add(_prompts);
        foreach (Option option in (Option[])[.. _fields.Select(f => f.Option), _model, .. _files.All, _memoryBudget, .. _compute.All])
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
        // A field that the command has as an argument is named as one.
        var arguments = also.Where(a => a.Field == "init").Select(a => a.Field).ToHashSet();
        string Spell(string field) => arguments.Contains(field) ? "picture" : OptionOf(field);
        var given = also.Concat((parsed.GetValue(_prompts) ?? []).Select(text => ("prompt", text)))
            .Concat(_fields.SelectMany(f => (parsed.GetValue(f.Option) ?? []).Select(text => (f.Field, text))));
        var written = _withMethod && parsed.GetValue(_request) is { } file ? FromFile(file) : new RequestDescription();
        var description = (written with { MayReadFiles = true }).With(given, Spell);
        var paths = _files.Read(parsed, parsed.GetValue(_model));
        var builtIn = paths.All().Any() || description.Classes.Count > 0 ? default : ModelCatalog.BuiltInFor(description.AllPrompts());
        return new()
        {
            Description = _withMethod ? description : description with { Policy = "none" },
            Model = builtIn.Prompt is null ? paths.Model : builtIn.Path,
            PromptOfTextModel = builtIn.Prompt,
            Transformer = paths.Transformer,
            TextEncoders = paths.TextEncoders,
            Tokenizers = paths.Tokenizers,
            Autoencoder = paths.Autoencoder,
            Loras = paths.Loras,
            LorasMayBePartial = _files.MayBePartial(parsed),
            MemoryBudget = parsed.GetValue(_memoryBudget) is { } memory ? ByteSize.Parse(_memoryBudget.Name, memory) : null,
            Compute = _compute.Read(parsed),
            InitName = Spell("init"),
        };
    }

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
                "promptsFile" or "init" or "mask" or "paste" or "reference" => "PATH",
                "box" => "X,Y,W,H",
                "guidance" or "strength" => "X",
                "guidanceInterval" => "X-Y",
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

    // guidanceChannels is --guidance-channels; prompts stand behind the command's name.
    private static string OptionOf(string field) => field == "prompt" ? "a prompt"
        : "--" + string.Concat(field.Select(c => char.IsAsciiLetterUpper(c) ? $"-{char.ToLower(c, CultureInfo.InvariantCulture)}" : c.ToString()));

    private static RequestDescription FromFile(string path)
    {
        try
        {
            return File.Exists(path) ? RequestDescription.FromFile(path)
                : throw CommandException.Failed($"--request {path}: there is no such file.");
        }
        catch (ArgumentException wrong)
        {
            throw CommandException.Failed(wrong.Message);
        }
    }
}
