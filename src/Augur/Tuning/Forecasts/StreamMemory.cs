using Augur.Caching;
using Augur.Caching.Policies;

namespace Augur.Tuning;

/// <summary>Computes every call, and keeps the last stream of the call.</summary>
/// <param name="stream">Which stream; null: none is kept.</param>
internal sealed class StreamMemory(LastStream? stream) : ISampleMemory
{
    /// <summary>Guidance rows side by side for each token, [tokens · rows · width]; none where none is kept.</summary>
    public float[] Stream { get; private set; } = [];

    /// <inheritdoc/>
    public long ByteCount => 0;

    /// <inheritdoc/>
    public CallPlan Begin(NetworkCall call) => CallPlan.Compute;

    /// <inheritdoc/>
    public Answer Ask(Question question) => question.Site == stream?.Site
        ? Answer.Compute.Observed((_, feature) => Stream = stream.Read(feature).Permute(1, 0, 2).ToArray())
        : Answer.Compute;

    /// <inheritdoc/>
    public CallOutcome End() => new(CallKind.Computed);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
