namespace Augur.Caching;

/// <summary>A caching method with its settings: immutable, shared by any number of runs.</summary>
public interface ICachePolicy
{
    /// <summary>The method's name and settings, as the command line writes them.</summary>
    string Name { get; }

    /// <summary>The door for one run, with nothing remembered. Nothing survives its disposal.</summary>
    IFeatureCache Open(RunInfo run);
}

/// <summary>What a policy may know of a run before it begins.</summary>
/// <param name="Depth">Number of transformer blocks.</param>
/// <param name="Calls">Network calls that the sampler will make (not steps: some samplers call twice in a step).</param>
/// <param name="Seed">For methods that draw.</param>
public sealed record RunInfo(int Depth, int Calls, long Seed);

/// <summary>One row of a network call.</summary>
/// <param name="Sample">Which sample of the run; a guided sample has two rows, side by side in time but not in the batch.</param>
/// <param name="IsConditional">False for the row of the null condition.</param>
/// <param name="CallIndex">Calls of this sample so far; 0 sees pure noise.</param>
/// <param name="CallCount">Calls this sample will make in all.</param>
/// <param name="Timestep">Model time that the network is conditioned on.</param>
public readonly record struct CallRow(int Sample, bool IsConditional, int CallIndex, int CallCount, float Timestep);

/// <summary>A batched network call: one entry per row, in the order of the batch.</summary>
public sealed record NetworkCall(IReadOnlyList<CallRow> Rows);

/// <summary>What a call turned out to be for a row.</summary>
public enum CallKind
{
    /// <summary>Every feature was computed.</summary>
    Computed,

    /// <summary>Features were forecast or reused, unverified.</summary>
    Drafted,

    /// <summary>A draft was verified and kept.</summary>
    Accepted,

    /// <summary>A draft was verified and discarded or superseded.</summary>
    Rejected,

    /// <summary>Some rows' tokens or branches were computed, the others reused.</summary>
    Partial,
}

/// <summary>What happened to one row in one call.</summary>
/// <param name="Kind">Computed, drafted, accepted, rejected or partial.</param>
/// <param name="Error">Of the draft, where it was verified; dimensionless.</param>
public readonly record struct CallOutcome(CallKind Kind, double? Error = null);
