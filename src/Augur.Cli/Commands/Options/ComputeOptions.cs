using System.CommandLine;
using System.Globalization;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Requests;
using Augur.Tensors;

namespace Augur.Cli.Commands.Options;

/// <summary>What computes, as it was asked for; what is null is left to the backend.</summary>
/// <param name="Device">Name of the backend, with the number of a device.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="Precision">Type in which products multiply.</param>
/// <param name="Activations">Type of what one operation hands to the next.</param>
/// <param name="WeightBudget">The most bytes of weights that stay on the device.</param>
/// <param name="IntegerProducts">Whether linear maps with quantised weights multiply integers.</param>
internal sealed record Compute(string? Device = null, int? Threads = null, DType? Precision = null, DType? Activations = null,
    long? WeightBudget = null, bool IntegerProducts = false)
{
    public IBackend Open() => BackendCatalog.Open(
        Device ?? BackendCatalog.Default,
        new BackendSettings
        {
            Threads = Threads,
            ProductPrecision = Precision,
            ActivationType = Activations,
            IntegerProducts = IntegerProducts,
            WeightBudget = WeightBudget,
        });

    /// <summary>The model, if every option has a part in it.</summary>
    /// <exception cref="CommandException">Products of integers were asked for, and no weight has them; the model is released.</exception>
    public DiffusionModel Used(IBackend backend, DiffusionModel model)
    {
        if (!IntegerProducts || backend.HasIntegerWeights)
        {
            return model;
        }

        model.Dispose();
        throw CommandException.WrongUse(
            "--precision int16 multiplies quantised weights by integers, and this model has none; augur convert --type q8_0 writes some.");
    }

    /// <summary>The same as words of a command line, to run something again.</summary>
    public IEnumerable<string> Words() => new (string Option, string? Value)[]
    {
        ("--device", Device),
        ("--precision", IntegerProducts ? ComputeOptions.Integers : Precision?.ToString().ToLowerInvariant()),
        ("--activations", Activations?.ToString().ToLowerInvariant()),
        ("--weight-budget", WeightBudget is { } budget ? string.Create(CultureInfo.InvariantCulture, $"{budget}B") : null),
    }.Where(word => word.Value is not null).SelectMany(word => (string[])[word.Option, word.Value!]);
}

/// <summary>The options that every computing command shares.</summary>
internal sealed class ComputeOptions
{
    internal const string Integers = "int16";

    private static readonly (string Name, DType? Type)[] s_precisions =
        [("float32", DType.Float32), ("float16", DType.Float16), (Integers, null)];

    private static readonly (string Name, DType? Type)[] s_activations =
        [("float32", DType.Float32), ("float16", DType.Float16), ("bfloat16", DType.BFloat16)];

    private readonly Option<int?> _threads =
        NumberOptions.OptionalInteger("--threads", "Threads that compute; default: all cores.", 1, 1024);

    private readonly Option<string?> _device = Device();

    private readonly Option<string?> _precision = new("--precision")
    {
        Description = "Type of products: float32; float16 on a graphics card's matrix unit, faster and less exact; int16 on the processor for linear "
            + "maps with quantised weights, faster and almost as exact; default: float32.",
        HelpName = "TYPE",
    };

    private readonly Option<string?> _activations = new("--activations")
    {
        Description = "Type of what one operation hands to the next: float32, float16 or bfloat16, halves for less memory; default: --precision's.",
        HelpName = "TYPE",
    };

    private readonly Option<string?> _weightBudget = new("--weight-budget")
    {
        Description = "Memory of a graphics card for weights, such as 8GiB: those beyond are copied for each use; default: all have to fit.",
        HelpName = "SIZE",
    };

    public ComputeOptions()
    {
        OneOf(_precision, s_precisions, "float32, float16 or int16");
        OneOf(_activations, s_activations, "float32, float16 or bfloat16");
    }

    public IReadOnlyList<Option> All => [_threads, _device, _precision, _activations, _weightBudget];

    /// <exception cref="ArgumentException">What is given is not what an option may be.</exception>
    public Compute Read(ParseResult parsed) => new(
        parsed.GetValue(_device),
        parsed.GetValue(_threads),
        parsed.GetValue(_precision) is { } precision ? s_precisions.Single(p => p.Name == precision).Type : null,
        parsed.GetValue(_activations) is { } activations ? s_activations.Single(a => a.Name == activations).Type : null,
        parsed.GetValue(_weightBudget) is { } budget ? ByteSize.Parse(_weightBudget.Name, budget) : null,
        parsed.GetValue(_precision) == Integers);

    private static void OneOf(Option<string?> option, (string Name, DType? Type)[] types, string words) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && types.All(t => t.Name != result.Tokens[^1].Value))
        {
            result.AddError($"{option.Name} is {words}, not '{result.Tokens[^1].Value}'.");
        }
    });

    private static Option<string?> Device()
    {
        var names = string.Join(", ", BackendCatalog.All.Select(entry => entry.Name));
        var option = new Option<string?>("--device")
        {
            Description = $"What computes: {names}; default: {BackendCatalog.Default}; augur devices lists what there is.",
            HelpName = "NAME",
        };
        option.Validators.Add(result =>
        {
            try
            {
                BackendCatalog.Parse(result.Tokens.Count > 0 ? result.Tokens[^1].Value : BackendCatalog.Default);
            }
            catch (ArgumentException e)
            {
                result.AddError(e.Message);
            }
        });
        return option;
    }
}
