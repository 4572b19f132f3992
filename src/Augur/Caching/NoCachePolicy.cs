namespace Augur.Caching;

/// <summary>Computes everything: the uncached run that every method is measured against.</summary>
public sealed class NoCachePolicy : ICachePolicy
{
    /// <summary>The only one there need be.</summary>
    public static NoCachePolicy Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public ISampleCache Open(RunInfo run) => new Cache();

    private sealed class Cache : ISampleCache
    {
        public long ByteCount => 0;

        public CallPlan Begin(NetworkCall call) => CallPlan.Compute;

        public Answer Ask(Site site) => Answer.Compute;

        public CallOutcome End() => new(CallKind.Computed);

        public void Dispose()
        {
        }
    }
}
