namespace Augur.Caching;

/// <summary>One network call of one sample.</summary>
/// <param name="CallIndex">Calls of this sample so far; 0 sees pure noise. Released codes that count down write CallCount − 1 − CallIndex.</param>
/// <param name="CallCount">Calls this sample will make in all.</param>
/// <param name="Timestep">Model time that the network is conditioned on.</param>
/// <param name="MustCompute">
/// The call is computed in full: its draft was rejected, or the memory is new in the midst of a run, because rows joined or left with this call.
/// </param>
/// <param name="NoiseToSignal">
/// In the latent, factor of the noise over that of the image: √(1−ᾱ)/√ᾱ for diffusion, σ/(1−σ) for flow; infinity for noise alone, NaN where the host
/// does not say.
/// </param>
/// <param name="Image">How latent and answer give the picture that the answer points to; null where the host does not say.</param>
public readonly record struct NetworkCall(
    int CallIndex, int CallCount, float Timestep, bool MustCompute = false, double NoiseToSignal = double.NaN, ImageEstimate? Image = null)
{
    private readonly int? _stepIndex;

    /// <summary>Cells of the latent, first and count, that the sampler decides on in this call; null: all.</summary>
    public (int First, int Count)? Focus { get; init; }

    /// <summary>
    /// The sampler's step that the call belongs to. Samplers may call twice in a step, or let steps pass without a call; where the host does not say,
    /// there is a call a step.
    /// </summary>
    public int StepIndex
    {
        get => _stepIndex ?? CallIndex;
        init => _stepIndex = value;
    }
}

/// <summary>The picture that a network's answer points to: input · latent + output · answer.</summary>
/// <param name="Input">Factor of the latent.</param>
/// <param name="Output">Factor of the network's answer; not 0.</param>
public readonly record struct ImageEstimate(double Input, double Output);

/// <summary>What a sample wants of a call that begins.</summary>
/// <param name="IsDraft">
/// Whether features are supplied, and what fails verification is computed within the same tick; otherwise the network is run, in full or in part.
/// </param>
public readonly record struct CallPlan(bool IsDraft)
{
    /// <summary>The network is run, in full or in part.</summary>
    public static CallPlan Compute { get; } = new(false);

    /// <summary>Features are supplied.</summary>
    public static CallPlan Draft { get; } = new(true);

    /// <summary>
    /// Blocks before which the sample may change its mind within the call, ascending: the network is run in spans between them, and each is asked
    /// for.
    /// </summary>
    public IReadOnlyList<int> Cuts { get; init; } = [];

    /// <summary>The same, cut before the given blocks.</summary>
    public CallPlan CutBefore(params IReadOnlyList<int> layers) => this with { Cuts = layers };
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
