using Augur.Caching.Policies;

namespace Augur.Caching;

/// <summary>Computes everything: the uncached run that every method is measured against.</summary>
public sealed class NoCachePolicy : ICachePolicy
{
    /// <summary>The only one there need be.</summary>
    public static NoCachePolicy Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public ISampleMemory Open(RunInfo run) => new UncachedMemory(note: null);
}
