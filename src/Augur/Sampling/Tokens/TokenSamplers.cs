using Augur.Notation;

namespace Augur.Sampling;

/// <summary>The catalog of samplers of tokens, by name.</summary>
public static class TokenSamplers
{
    private static readonly Catalog<ISampler> s_catalog = new(
        "Sampler",
        sampler => sampler.Name,
        Catalog<ISampler>.Entry(
            "llada", "The surest tokens stay, so many at each step (Nie et al., 2025).", LladaSampler.Settings, o => new LladaSampler(o)),
        Catalog<ISampler>.Entry(
            "dream", "A share of the tokens stays at each time (Ye et al., 2025).", DreamSampler.Settings, o => new DreamSampler(o)));

    /// <summary>Every sampler of tokens.</summary>
    public static IReadOnlyList<CatalogEntry<ISampler>> All => s_catalog.All;

    /// <summary>Whether a text names one of these, whatever its settings.</summary>
    public static bool Names(string text) => s_catalog.All.Any(entry => entry.Name == text.NotNull().Split('(')[0].Trim());

    /// <summary>Makes a sampler from its name and settings: <c>llada(block=32)</c>, <c>dream(algorithm=entropy,temperature=0.2)</c>.</summary>
    /// <exception cref="ArgumentException">
    /// The name or a setting is unknown, or a value is out of range; the message says what is accepted.
    /// </exception>
    public static ISampler Parse(string text) => s_catalog.Parse(text);
}
