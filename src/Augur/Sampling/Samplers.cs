namespace Augur.Sampling;

/// <summary>One setting of a sampler, for help texts.</summary>
/// <param name="Name">As the command line writes it.</param>
/// <param name="Values">What it may be.</param>
/// <param name="Default">What it is when not given.</param>
public readonly record struct SamplerSettingInfo(string Name, string Values, string Default);

/// <summary>One sampler of the catalog.</summary>
/// <param name="Name">As the command line writes it.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="DefaultSteps">Steps that its source, or common use, recommends.</param>
/// <param name="Settings">What can be set.</param>
/// <param name="Create">Makes it from name and value pairs; throws <see cref="ArgumentException"/> for what it does not know.</param>
public sealed record SamplerEntry(
    string Name,
    string Summary,
    int DefaultSteps,
    IReadOnlyList<SamplerSettingInfo> Settings,
    Func<IEnumerable<(string Name, string Value)>, ISampler> Create);

/// <summary>The samplers by name.</summary>
public static class Samplers
{
    /// <summary>Every sampler, diffusion first.</summary>
    public static IReadOnlyList<SamplerEntry> All { get; } =
    [
        Entry("ddim", "Deterministic diffusion in few steps (Song et al., 2021).", 50, DdimSampler.Settings, o => new DdimSampler(o)),
        Entry("ddpm", "Ancestral diffusion with fresh noise at each step (Ho et al., 2020).", 250, DdpmSampler.Settings, o => new DdpmSampler(o)),
        Entry("dpm++", "Second-order multistep diffusion (Lu et al., 2022).", 20, DpmSolverPlusPlusSampler.Settings, o => new DpmSolverPlusPlusSampler(o)),
        Entry("euler", "Straight steps along a rectified flow.", 28, FlowEulerSampler.Settings, o => new FlowEulerSampler(o)),
        Entry("heun", "Second-order steps along a rectified flow, two calls each.", 15, FlowHeunSampler.Settings, o => new FlowHeunSampler(o)),
    ];

    /// <summary>The sampler that a text names: <c>ddim</c>, <c>ddim(eta=0.7)</c>, <c>euler(shift=3,grid=trained)</c>.</summary>
    /// <exception cref="ArgumentException">The text does not name one; the message says what does.</exception>
    public static ISampler Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = (open < 0 ? text : text[..open]).Trim();
        var entry = All.FirstOrDefault(e => e.Name == name)
            ?? throw new ArgumentException($"There is no sampler \"{name}\"; the nearest is \"{Spelling.Nearest(name, All.Select(e => e.Name))}\".");
        return entry.Create(open < 0 ? [] : Pairs(text, open));
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string text, int open)
    {
        var trimmed = text.TrimEnd();
        if (!trimmed.EndsWith(')'))
        {
            throw new ArgumentException($"Sampler \"{text}\" has an opening bracket and no closing one.");
        }

        foreach (var part in trimmed[(open + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            yield return pair.Length == 2
                ? (pair[0], pair[1])
                : throw new ArgumentException($"Sampler \"{text}\": \"{part}\" is not a setting with a value, as eta=0.7 is.");
        }
    }

    private static SamplerEntry Entry<TOptions>(
        string name, string summary, int defaultSteps, SamplerSettings<TOptions> settings, Func<TOptions, ISampler> create)
        where TOptions : class, new() => new(
            name,
            summary,
            defaultSteps,
            [.. settings.Describe().Select(s => new SamplerSettingInfo(s.Name, s.Values, s.Default))],
            pairs => create(settings.Parse(pairs)));
}
