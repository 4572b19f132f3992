using System.Globalization;

namespace Augur.Cli.Commands.Bench;

/// <summary>What all measurements of a folder share: the first line of its results. With the same header a run goes on where it stopped.</summary>
internal sealed record BenchHeader
{
    // Named as the options that set them.
    private static readonly (string Name, Func<BenchHeader, string> Value)[] s_fields =
    [
        ("version", h => h.Version),
        ("--model", h => $"{h.Model} ({h.ModelHash})"),
        ("--sampler", h => h.Sampler),
        ("--steps", h => Text(h.Steps)),
        ("--guidance", h => Text(h.Guidance)),
        ("--guidance-channels", h => h.GuidanceChannels),
        ("--guidance-interval", h => h.GuidanceInterval ?? "none"),
        ("--noise", h => h.Noise),
        ("--cache-budget", h => h.CacheBudget is { } bytes ? $"{Text(bytes)}B" : "none"),
        ("--memory-budget", h => h.MemoryBudget is { } bytes ? $"{Text(bytes)}B" : "none"),
        ("--class", h => h.Classes.Count == 0 ? "all" : string.Join(' ', h.Classes.Select(c => Text(c)))),
        ("prompts", h => h.Prompts.Count == 0 ? "none" : string.Join(" | ", h.Prompts)),
        ("--negative", h => h.Negative ?? "none"),
        ("--length", h => h.Length is { } length ? Text(length) : "none"),
        ("--beginning", h => h.Beginning is { } tokens ? Text(tokens) : "none"),
        ("--count", h => Text(h.Count)),
        ("--seed", h => Text(h.Seed)),
        ("--batch", h => Text(h.Batch)),
        ("enlargement", h => Text(h.Enlargement)),
        ("machine", h => h.Machine),
        ("runtime", h => h.Runtime),
    ];

    public required string Version { get; init; }

    public required string Model { get; init; }

    /// <summary>As it was given; null: the built-in model. Another path to the same weights is the same model.</summary>
    public required string? ModelPath { get; init; }

    public required string? Autoencoder { get; init; }

    /// <summary>Of the files of model and autoencoder.</summary>
    public required string ModelHash { get; init; }

    public required string Sampler { get; init; }

    public required int Steps { get; init; }

    public required double Guidance { get; init; }

    public required string GuidanceChannels { get; init; }

    /// <summary>Part of the run in which guidance acts; null: the whole run.</summary>
    public string? GuidanceInterval { get; init; }

    public required string Noise { get; init; }

    public required long? CacheBudget { get; init; }

    public required long? MemoryBudget { get; init; }

    /// <summary>Those drawn in turn; empty: all.</summary>
    public required IReadOnlyList<int> Classes { get; init; }

    /// <summary>Those drawn in turn; empty: the model takes classes.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>The negative prompt; null: none.</summary>
    public string? Negative { get; init; }

    /// <summary>Options and paths of parts that were given by themselves, and options of what computes.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>Tokens of a text; null: pictures were drawn.</summary>
    public int? Length { get; init; }

    /// <summary>Tokens of the beginnings that the model wrote for itself; null: beginnings were given, or pictures were drawn.</summary>
    public int? Beginning { get; init; }

    public required int Count { get; init; }

    public required long Seed { get; init; }

    /// <summary>Pictures that are drawn and timed together.</summary>
    public required int Batch { get; init; }

    /// <summary>Repetitions of each pixel where pictures are shown.</summary>
    public required int Enlargement { get; init; }

    public required string Machine { get; init; }

    public required string Runtime { get; init; }

    public required int? Threads { get; init; }

    /// <summary>Of the first measurement.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>The first field that differs, if one does; the date may.</summary>
    public (string Name, string Here, string There)? FirstDifference(BenchHeader there)
    {
        var found = s_fields.FirstOrDefault(f => f.Value(this) != f.Value(there));
        return found.Name is null ? null : (found.Name, found.Value(this), found.Value(there));
    }

    /// <summary>The command that measures a row again.</summary>
    public string Command(string policies)
    {
        List<string> words = ["augur", "bench", .. Prompts, "--policies", policies, "--baselines", "none", "--count", Text(Count), "--seed",
            Text(Seed), "--steps", Text(Steps)];
        words.AddRange(["--sampler", Sampler, "--guidance", Text(Guidance)]);
        if (Length is not { } length)
        {
            words.AddRange(["--guidance-channels", GuidanceChannels, "--noise", Noise, "--batch", Text(Batch)]);
        }
        else
        {
            words.AddRange(["--length", Text(length)]);
            Add("--beginning", Beginning is { } tokens ? Text(tokens) : null);
        }

        Add("--guidance-interval", GuidanceInterval);
        Add("--model", ModelPath);
        Add("--vae", Autoencoder);
        words.AddRange(Parts);
        Add("--negative", Negative);
        Add("--cache-budget", CacheBudget is { } cache ? $"{Text(cache)}B" : null);
        Add("--memory-budget", MemoryBudget is { } memory ? $"{Text(memory)}B" : null);
        Add("--threads", Threads is { } threads ? Text(threads) : null);
        words.AddRange(Classes.SelectMany(c => (string[])["--class", Text(c)]));
        words.AddRange(["--out", "again"]);
        return string.Join(' ', words.Select(ShellWord.Quote));

        void Add(string option, string? value)
        {
            if (value is not null)
            {
                words.AddRange([option, value]);
            }
        }
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
