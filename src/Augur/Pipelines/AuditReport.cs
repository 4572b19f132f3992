namespace Augur.Pipelines;

/// <summary>
/// What an audit found in one sample's run: how far each answer that was not computed in full lies from the network's full answer to the very
/// same input. The run itself, its pictures and its cost are those of the run without an audit.
/// </summary>
public sealed record AuditReport
{
    /// <summary>
    /// One per network call: ‖answer − full‖ / ‖full‖ over the whole network output, guidance rows as one unit, summed in double precision.
    /// Null where the call was computed, or not drawn for the audit; for a rejected call, the error of the draft that was discarded. NaN where
    /// something was not finite.
    /// </summary>
    public required IReadOnlyList<double?> TrueErrors { get; init; }

    /// <summary>FLOPs of the audit alone: the full calls that the run did not make. A multiply-add is 2.</summary>
    public long Flops { get; init; }

    /// <summary>Time of the audit alone.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>Whether each call is looked at; null: all.</summary>
    internal IReadOnlyList<bool>? Drawn { get; private init; }

    /// <summary>Of a run that begins; null where no audit is asked for.</summary>
    internal static AuditReport? Begin(GenerationRequest request, int callCount)
    {
        const int Stream = 0x41756469; // the draws have nothing to do with the noise of the same seed
        var random = new Random(unchecked((int)request.Seed ^ (int)(request.Seed >> 32) ^ Stream));
        return request.AuditShare == 0 ? null : new AuditReport
        {
            TrueErrors = new double?[callCount],
            Drawn = request.AuditShare == 1 ? null : [.. Enumerable.Range(0, callCount).Select(_ => random.NextDouble() < request.AuditShare)],
        };
    }

    /// <summary>The same with one more call's error, and what finding it took.</summary>
    internal AuditReport With(int callIndex, double trueError, long flops, TimeSpan time)
    {
        double?[] errors = [.. TrueErrors];
        errors[callIndex] = trueError;
        return this with { TrueErrors = errors, Flops = Flops + flops, Time = Time + time };
    }
}
