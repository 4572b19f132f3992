using Augur.Caching.Forecasting;

namespace Augur.Caching.Policies;

/// <summary>A sample whose calls are all computed, of which nothing is kept.</summary>
/// <param name="note">Why, where a method was asked for that could not be had.</param>
internal sealed class UncachedMemory(string? note) : ISampleMemory
{
    /// <summary>In place of forecasts for which a budget left no room; they are disposed.</summary>
    public static UncachedMemory InPlaceOf(DraftModel draft)
    {
        draft.Dispose();
        return new UncachedMemory(draft.Note);
    }

    public long ByteCount => 0;

    public string? Note => note;

    public CallPlan Begin(NetworkCall call) => CallPlan.Compute;

    public Answer Ask(Question question) => Answer.Compute;

    public CallOutcome End() => new(CallKind.Computed);

    public void Dispose()
    {
    }
}
