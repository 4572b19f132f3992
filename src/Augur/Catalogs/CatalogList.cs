using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Caching.Schedules;
using Augur.Caching.Tokens;
using Augur.Notation;
using Augur.Sampling;

namespace Augur.Catalogs;

/// <summary>One thing that a text can name.</summary>
/// <param name="Name">As texts write it.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Settings">What can be set in its brackets.</param>
public sealed record ListedEntry(string Name, string Summary, IReadOnlyList<SettingInfo> Settings);

/// <summary>A kind of thing that texts name: methods, drafts, samplers.</summary>
/// <param name="Name">Plural, as a list is asked for: <c>policies</c>.</param>
/// <param name="Use">Where such a text stands.</param>
/// <param name="Entries">All there are.</param>
public sealed record ListedKind(string Name, string Use, IReadOnlyList<ListedEntry> Entries);

/// <summary>Everything that texts can name, with its settings: what help, pages and forms are made of.</summary>
public static class CatalogList
{
    /// <summary>Every kind.</summary>
    public static IReadOnlyList<ListedKind> All { get; } =
    [
        Kind("policies", "caching methods: --policy, --policies", PolicyCatalog.All),
        Kind("drafts", "how a method forecasts: speca(draft=…)", Forecasters.All),
        Kind("schedules", "when a method computes: speca(schedule=…)", CallSchedules.All),
        Kind("tokens", "which tokens a method computes: speca(tokens=…)", TokenSelectors.All),
        Kind("verifications", "how many tokens a method verifies: speca(verify=…)", Verifications.Catalog.All),
        Kind("masks", "which branches l2c reuses without a router: l2c(mask=…)", ReuseMask.Catalog.All),
        Kind("samplers", "the way from noise to picture: --sampler", Samplers.All),
        new("noise", "where noise comes from: --noise", NoiseCatalog.All),
    ];

    private static ListedKind Kind<T>(string name, string use, IEnumerable<CatalogEntry<T>> entries) =>
        new(name, use, [.. entries.Select(e => new ListedEntry(e.Name, e.Summary, e.Settings))]);
}
