using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Caching.Schedules;
using Augur.Caching.Tokens;
using Augur.Notation;
using Augur.Sampling;

namespace Augur.Catalogs;

/// <summary>One entry of a list of choices.</summary>
/// <param name="Name">The name in the notation of the command line.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Settings">The settings that it takes in brackets.</param>
public sealed record ListedEntry(string Name, string Summary, IReadOnlyList<SettingInfo> Settings);

/// <summary>All choices of one kind: caching methods, drafts, samplers.</summary>
/// <param name="Name">The kind in the plural, as <c>augur list</c> takes it: <c>policies</c>.</param>
/// <param name="Use">Where such a choice is given: the option or setting.</param>
/// <param name="Entries">All entries.</param>
public sealed record ListedKind(string Name, string Use, IReadOnlyList<ListedEntry> Entries);

/// <summary>All choices with their settings, as data for help texts, pages and forms.</summary>
public static class CatalogList
{
    /// <summary>All kinds of choices.</summary>
    public static IReadOnlyList<ListedKind> All { get; } =
    [
        Kind("policies", "caching methods: --policy, --policies", PolicyCatalog.All),
        Kind("drafts", "how a method forecasts: speca(draft=…)", Forecasters.All),
        Kind("schedules", "when a method computes: speca(schedule=…)", CallSchedules.All),
        Kind("tokens", "which tokens a method computes: speca(tokens=…)", TokenSelectors.All),
        Kind("verifications", "how many tokens a method verifies: speca(verify=…)", Verifications.Catalog.All),
        Kind("masks", "which branches l2c reuses without a router: l2c(mask=…)", ReuseMask.Catalog.All),
        Kind("samplers", "the way from noise to picture: --sampler", Samplers.All),
        Kind("token-samplers", "the way from masks to a text: augur write --sampler", TokenSamplers.All),
        new("noise", "where noise comes from: --noise", NoiseCatalog.All),
    ];

    private static ListedKind Kind<T>(string name, string use, IEnumerable<CatalogEntry<T>> entries) =>
        new(name, use, [.. entries.Select(e => new ListedEntry(e.Name, e.Summary, e.Settings))]);
}
