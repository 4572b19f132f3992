using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>The function B(h) of UniPC (Zhao et al., 2023, section 3.1).</summary>
public enum UniPcVariant
{
    /// <summary>B(h) = e^h − 1, the released default.</summary>
    [Word("bh2")]
    Exponential,

    /// <summary>B(h) = h.</summary>
    [Word("bh1")]
    Linear,
}

/// <summary>Settings of <see cref="UniPcSampler"/>. The defaults are those of diffusers' UniPCMultistepScheduler.</summary>
public sealed record UniPcOptions : MultistepOptions
{
    /// <summary>Order of the predictor; the corrector is of one more.</summary>
    [Setting("order", 1, 3)]
    public int Order { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>The function B(h).</summary>
    [Setting("variant")]
    public UniPcVariant Variant { get; init; }

    /// <summary>Whether the estimate of x₀ is extrapolated (as published for guided sampling) rather than the noise.</summary>
    [Setting("predict_image")]
    public bool PredictsImage { get; init; } = true;

    /// <summary>Whether a step that is over is corrected with the output at its end.</summary>
    [Setting("corrector")]
    public bool HasCorrector { get; init; } = true;
}

/// <summary>
/// UniPC (Zhao et al., 2023): a multistep predictor, and at the next call a corrector of one order more that takes the same call's output, so that it
/// costs none.
/// </summary>
public sealed class UniPcSampler(UniPcOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<UniPcOptions> Settings = new("Sampler", "unipc");

    /// <summary>The settings.</summary>
    public UniPcOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => new UniPcSampler((UniPcOptions)options);

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        SamplerContract.RequireSkip(Options, steps);
        var plan = Options.Plan(steps);
        return new SamplerRun(noise, plan.Length, plan.Length, (x, answer) => Walk(x, answer, plan, prediction));
    }

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, DiffusionStep[] plan, Prediction prediction)
    {
        Tensor? image = null;
        var known = new List<Tensor>(); // what is extrapolated, at the calls so far, the newest first
        Tensor? corrected = null; // the latent where the step began that has led here, as corrected
        var order = 1;
        foreach (var step in plan)
        {
            yield return step.Ask(x) with { Estimate = image, Kept = [.. known, .. corrected is null ? [] : (Tensor[])[corrected]] };

            image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            var fresh = Options.PredictsImage ? image : step.NoiseFrom(x, answer.Output, prediction).Copy();
            if (corrected is not null && Options.HasCorrector)
            {
                x = new UniPcStep(Options, plan, plan[step.Index - 1], order).Correct(corrected, known, fresh);
            }

            known.Insert(0, fresh);
            order = OrderAt(plan, step, known.Count);
            corrected = x;

            // Where σ is 0 in the end, h is infinite; of first order the step leads to the image itself.
            x = step.SigmaNext == 0 ? image : new UniPcStep(Options, plan, step, order).Predict(x, known);
            known = [.. known.Take(Options.Order)];
        }

        yield return SamplerQuestion.Result(plan.Length, x, image);
    }

    private int OrderAt(DiffusionStep[] plan, DiffusionStep step, int known)
    {
        var order = Math.Min(Options.LowerOrderFinal ? Math.Min(Options.Order, plan.Length - step.Index) : Options.Order, known);

        // With many steps, rounding can visit one timestep twice; no slope can be taken between two outputs at the same time, and none over no time.
        order = step.AlphaNext == step.Alpha ? 1 : order;
        while (order > 1 && Enumerable.Range(0, order - 1).Any(i => plan[step.Index - i].Alpha == plan[step.Index - i - 1].Alpha))
        {
            order--;
        }

        return order;
    }
}
