using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>
/// From a picture's latent back to noise along the deterministic path of DDIM (Song et al., 2021, section 4.3): its steps in the opposite order, each
/// with the noise that the network sees at the step's noisy end.
/// </summary>
/// <param name="sampler">The sampler whose steps are inverted; without fresh noise.</param>
/// <param name="options">The settings; null: the defaults.</param>
/// <exception cref="ArgumentException">The sampler adds noise.</exception>
public sealed class DiffusionInversion(DdimSampler sampler, DiffusionInversionOptions? options = null) : ISampler
{
    internal static readonly SettingList<DiffusionInversionOptions> Settings = new("Sampler", "ddim-inversion");

    /// <summary>The settings.</summary>
    public DiffusionInversionOptions Options { get; } = options ?? new();

    /// <summary>The sampler whose steps are inverted.</summary>
    public DdimSampler Inverted { get; } = sampler is { AddsNoise: false } ? sampler
        : throw new ArgumentException($"A path with fresh noise has no inverse; the sampler is {sampler?.Name}, and its eta is 0.");

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => Inverted.Accepts(prediction);

    /// <inheritdoc/>
    /// <param name="noise">The picture's latent [1, …].</param>
    /// <param name="steps">Steps of the sampler that is inverted, those that it skips included.</param>
    /// <param name="prediction">What the network's output means.</param>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        SamplerContract.RequireSkip(Inverted.Options, steps);
        DiffusionStep[] plan = [.. DiffusionPlan.Usable(DiffusionPlan.Remaining(Inverted.Options, Inverted.Plan(steps)), prediction).Reverse()];
        var called = Enumerable.Range(0, plan.Length).Count(i => Calls(i, plan.Length));
        return new SamplerRun(noise, plan.Length, called * Options.Iterations, (x, answer) => Walk(x, answer, plan, prediction));
    }

    private bool Calls(int step, int count) => step % Options.Skip == 0 || step == count - 1;

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, DiffusionStep[] plan, Prediction prediction)
    {
        Tensor? direction = null;
        for (var i = 0; i < plan.Length; i++)
        {
            // The latent at the clean end is √ᾱ'·image + √(1−ᾱ')·ε, at the noisy end √ᾱ·image + √(1−ᾱ)·ε.
            var step = plan[i] with { Index = i };
            var (clean, noisy) = (x, x);
            for (var call = 0; call < (Calls(i, plan.Length) ? Options.Iterations : 0); call++)
            {
                yield return step.Ask(noisy) with { Kept = [clean] };

                direction = step.NoiseFrom(noisy, answer.Output, prediction).Copy();
                noisy = Back(clean, direction, step);
            }

            x = Back(clean, direction!, step);
        }

        yield return SamplerQuestion.Result(plan.Length, x, null);
    }

    private static Tensor Back(Tensor clean, Tensor direction, DiffusionStep step)
    {
        var growth = Math.Sqrt(step.Alpha / step.AlphaNext);
        return Sum((growth, clean), (Math.Sqrt(1 - step.Alpha) - (growth * Math.Sqrt(1 - step.AlphaNext)), direction));
    }
}
