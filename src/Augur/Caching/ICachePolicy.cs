using Augur.Tensors;

namespace Augur.Caching;

/// <summary>A caching method with its settings: immutable, shared by any number of runs.</summary>
public interface ICachePolicy
{
    /// <summary>The method's name and the settings that differ from its defaults, as the command line writes them.</summary>
    string Name { get; }

    /// <summary>
    /// Whether all samples that begin together share one decision and one memory. Then a sample's picture depends on its neighbours, as it does
    /// in released code that takes one scalar over the batch. Default: every sample decides for itself.
    /// </summary>
    bool DecidesForBatch => false;

    /// <summary>What the method remembers of one sample (or of one batch that decides together), with nothing remembered yet.</summary>
    /// <exception cref="ArgumentException">The settings do not fit the run; the message names the setting and the run's figure.</exception>
    ISampleMemory Open(RunInfo run);
}

/// <summary>What a policy may know of a run before it begins.</summary>
public sealed record RunInfo
{
    /// <summary>Number of transformer blocks.</summary>
    public required int Depth { get; init; }

    /// <summary>Network calls that the sampler will make (not steps: some samplers call twice in a step).</summary>
    public required int CallCount { get; init; }

    /// <summary>Rows of the network's batch that this cache answers for: two per guided sample.</summary>
    public required int RowCount { get; init; }

    /// <summary>One row of the residual stream, [tokens, channels].</summary>
    public required Shape Stream { get; init; }

    /// <summary>One row of the network's output before it is unfolded to a latent, [tokens, outputs].</summary>
    public required Shape Output { get; init; }

    /// <summary>Tokens of a row as rows and columns of the picture, [rows, columns], in raster order.</summary>
    public required Shape Grid { get; init; }

    /// <summary>Whether rows come in pairs, conditional and unconditional.</summary>
    public bool IsGuided { get; init; }

    /// <summary>For methods that draw.</summary>
    public long Seed { get; init; }

    /// <summary>Most bytes that kept features may take; null: no limit. A method keeps less where it must, and says so.</summary>
    public long? MemoryBudget { get; init; }
}

/// <summary>One network call of one sample.</summary>
/// <param name="CallIndex">Calls of this sample so far; 0 sees pure noise. Released codes that count down write CallCount − 1 − CallIndex.</param>
/// <param name="CallCount">Calls this sample will make in all.</param>
/// <param name="Timestep">Model time that the network is conditioned on.</param>
/// <param name="MustCompute">The draft of this same call was rejected.</param>
/// <param name="NoiseToSignal">
/// In the latent, factor of the noise over that of the image: √(1−ᾱ)/√ᾱ for diffusion, σ/(1−σ) for flow; infinity for noise alone, NaN where the host
/// does not say.
/// </param>
public readonly record struct NetworkCall(int CallIndex, int CallCount, float Timestep, bool MustCompute = false, double NoiseToSignal = double.NaN);

/// <summary>Which batch a sample's rows join in the current tick.</summary>
public enum CallPlan
{
    /// <summary>The network is run, in full or in part.</summary>
    Compute,

    /// <summary>Features are supplied; what fails verification is computed within the same tick.</summary>
    Draft,
}

/// <summary>What a call turned out to be for a sample.</summary>
public enum CallKind
{
    /// <summary>Every feature was computed.</summary>
    Computed,

    /// <summary>Features were forecast or reused, unverified.</summary>
    Drafted,

    /// <summary>A draft passed its verification and was kept.</summary>
    Accepted,

    /// <summary>A draft failed its verification and was discarded; the same call was computed.</summary>
    Rejected,

    /// <summary>A draft failed its verification and was kept all the same; the next call is computed (SpeCa as released).</summary>
    Tolerated,

    /// <summary>Some tokens, branches or blocks were computed, the others forecast or reused.</summary>
    Partial,
}

/// <summary>What happened to a sample in one call.</summary>
/// <param name="Kind">Computed, drafted, accepted, rejected, tolerated or partial.</param>
/// <param name="Error">Of the draft, where it was verified; dimensionless.</param>
/// <param name="Threshold">What the error was held against.</param>
public readonly record struct CallOutcome(CallKind Kind, double? Error = null, double? Threshold = null);
