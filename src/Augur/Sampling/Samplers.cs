using Augur.Notation;

namespace Augur.Sampling;

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
    IReadOnlyList<SettingInfo> Settings,
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
        var phrase = Phrase.Parse("Sampler", text);
        var entry = All.FirstOrDefault(e => e.Name == phrase.Name)
            ?? throw new ArgumentException($"There is no sampler \"{phrase.Name}\"; the nearest is \"{Spelling.Nearest(phrase.Name, All.Select(e => e.Name))}\".");
        return entry.Create(phrase.Settings);
    }

    private static SamplerEntry Entry<TOptions>(
        string name, string summary, int defaultSteps, SettingList<TOptions> settings, Func<TOptions, ISampler> create)
        where TOptions : class, new() => new(
            name,
            summary,
            defaultSteps,
            settings.Describe(),
            pairs => create(settings.Parse(pairs)));
}
