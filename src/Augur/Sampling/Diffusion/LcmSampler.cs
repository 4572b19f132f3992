using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="LcmSampler"/>. The defaults are those of diffusers' LCMScheduler.</summary>
public sealed record LcmOptions : DiffusionOptions
{
    /// <summary>Steps of the solver that the network was distilled from; at most so many can be taken.</summary>
    [Setting("original_steps", 1, 1000, Unit = "steps")]
    public int OriginalSteps { get; init => field = Setting.Checked(this, value); } = 50;

    /// <summary>Factor of the timestep in the boundary condition, which keeps the image near t = 0.</summary>
    [Setting("timestep_scale", 0, 1000, AboveMinimum = true)]
    public double TimestepScale { get; init => field = Setting.Checked(this, value); } = 10;
}

/// <summary>
/// Multistep sampling of a latent consistency model (Luo et al., 2023, algorithm 3; diffusers' LCMScheduler): each call leads to an image, which is
/// noised again to the next level, but the last.
/// </summary>
/// <remarks>The spacing is the method's own: some of the distilled solver's timesteps, beginning with the last.</remarks>
public sealed class LcmSampler(LcmOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<LcmOptions> Settings = new("Sampler", "lcm");

    private const double DataVariance = 0.25; // σ_data = 0.5, as released

    /// <summary>The settings.</summary>
    public LcmOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool AddsNoise => true;

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => new LcmSampler((LcmOptions)options);

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        SamplerContract.RequireSkip(Options, steps);
        DiffusionPlan.RequireCount(Options, steps);
        if (steps > Options.OriginalSteps || Options.OriginalSteps > Options.TrainedStepCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps),
                $"Sampler {Name} takes 1 to {Math.Min(Options.OriginalSteps, Options.TrainedStepCount)} steps of the solver that it was distilled "
                + $"from, not {steps}.");
        }

        var plan = DiffusionPlan.Remaining(Options, DiffusionPlan.Through(Timesteps(steps), Options.CreateSchedule().AlphasCumulative, 1));
        plan = DiffusionPlan.Usable(plan, prediction);
        return new SamplerRun(noise, plan.Length, plan.Length, (x, answer) => Walk(x, answer, plan, prediction));
    }

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, DiffusionStep[] plan, Prediction prediction)
    {
        Tensor? image = null;
        foreach (var step in plan)
        {
            yield return step.Ask(x) with { Estimate = image };

            // The consistency function's boundary condition: the identity at t = 0.
            var scaled = step.Timestep * Options.TimestepScale;
            var skip = DataVariance / ((scaled * scaled) + DataVariance);
            var output = scaled / Math.Sqrt((scaled * scaled) + DataVariance);
            image = Sum((output, step.ImageFrom(x, answer.Output, prediction, Options.ClipRange)), (skip, x));
            x = step.Index == plan.Length - 1 ? image
                : Sum((Math.Sqrt(step.AlphaNext), image), (Math.Sqrt(1 - step.AlphaNext), answer.DrawNoise()));
        }

        yield return SamplerQuestion.Result(plan.Length, x, image);
    }

    // Every ⌊trained/original⌋-th timestep, of which as many as there are steps are taken in equal strides, the last first.
    private int[] Timesteps(int count)
    {
        var stride = Options.TrainedStepCount / Options.OriginalSteps;
        return [.. DiffusionPlan.Indices(count).Select(i =>
            ((Options.OriginalSteps - (int)(i * (Options.OriginalSteps / (double)count))) * stride) - 1)];
    }
}
