using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="DpmSolverPlusPlusSampler"/>. The defaults are those of diffusers' DPMSolverMultistepScheduler.</summary>
public sealed record DpmSolverPlusPlusOptions : DiffusionOptions
{
    private const int FewSteps = 15;

    /// <summary>Spaced in equal parts unless said otherwise, as diffusers.</summary>
    public DpmSolverPlusPlusOptions() => Spacing = TimestepSpacing.Linspace;

    /// <summary>1 is DDIM; 2 also uses the answer of the step before.</summary>
    [Setting("order", 1, 2)]
    public int Order { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Whether the last step of a run with fewer than 15 steps is of first order, for stability.</summary>
    [Setting("lower_order_final")]
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>Whether the last step leads to σ = 0, which makes it of first order, rather than to the first trained timestep.</summary>
    [Setting("end_at_image")]
    public bool EndAtImage { get; init; } = true;

    /// <summary>Whether the last of so many steps is of first order.</summary>
    internal bool LastIsFirstOrder(int stepCount) => EndAtImage || (LowerOrderFinal && stepCount < FewSteps);
}

/// <summary>DPM-Solver++(2M), multistep with the midpoint rule (Lu et al., 2022, algorithm 2).</summary>
public sealed class DpmSolverPlusPlusSampler(DpmSolverPlusPlusOptions? options = null) : ISampler
{
    internal static readonly SettingList<DpmSolverPlusPlusOptions> Settings = new("Sampler", "dpm++");

    /// <summary>The settings.</summary>
    public DpmSolverPlusPlusOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise, steps, prediction);
        return new Run(noise, Plan(steps), prediction, Options);
    }

    private DiffusionStep[] Plan(int count)
    {
        var alphas = Options.CreateSchedule().AlphasCumulative;
        var lastAlpha = Options.EndAtImage ? 1 : alphas[0];
        var steps = DiffusionStep.Plan(Options, count, lastAlpha);
        var times = steps.Select(step => step.Timestep).ToArray();

        // This scheduler spreads one point more than it visits: the one that it ends at.
        if (count > 1 && Options.Spacing == TimestepSpacing.Linspace)
        {
            times = [.. DiffusionStep.Indices(count).Select(i => DiffusionStep.Round((count - i) * ((Options.TrainedStepCount - 1) / (double)count)))];
        }
        else if (count > 1 && Options.Spacing == TimestepSpacing.Leading)
        {
            var last = Options.TrainedStepCount - 1;
            if (count > last)
            {
                throw new ArgumentOutOfRangeException(nameof(count), $"{count} steps cannot be taken with leading spacing; between 1 and {last} can.");
            }

            times = [.. DiffusionStep.Indices(count).Select(i => Math.Min(last, ((count - i) * ((last + 1) / (count + 1))) + Options.StepsOffset))];
        }

        return [.. times.Select((time, i) => new DiffusionStep(time, alphas[time], i + 1 < count ? alphas[times[i + 1]] : lastAlpha))];
    }

    private sealed class Run(Tensor noise, DiffusionStep[] steps, Prediction prediction, DpmSolverPlusPlusOptions options)
        : DiffusionRun(noise, steps, prediction, options.ClipRange)
    {
        protected override (Tensor Latent, Tensor Estimate) Take(Tensor output, Tensor? variance, INoiseSource noise)
        {
            var image = ImageFrom(output);
            var fromLatent = Math.Sqrt((1 - Current.AlphaNext) / (1 - Current.Alpha));

            // 1 − e^{−h} with h = λ_next − λ and λ = −log σ, where σ = √(1−ᾱ)/√ᾱ.
            var fromImage = Math.Sqrt(Current.AlphaNext) * (1 - (SigmaNext / Current.Sigma));
            var isLast = CallIndex == CallCount - 1;

            // Many steps in equal parts can round to the same timestep twice; there is no slope between two answers at one time.
            if (options.Order == 1 || Estimate is not { } before || Previous.Alpha == Current.Alpha || (isLast && options.LastIsFirstOrder(CallCount)))
            {
                return (Sum((fromLatent, Latent), (fromImage, image)), image);
            }

            // D₀ + ½·D₁ with D₁ = (D₀ − image before)/r, r = h_before / h.
            var inverseRatio = Math.Log(Current.Sigma / SigmaNext) / Math.Log(Previous.Sigma / Current.Sigma);
            var latent = Sum((fromLatent, Latent), (fromImage * (1 + (inverseRatio / 2)), image), (-fromImage * inverseRatio / 2, before));
            return (latent, image);
        }

        private double SigmaNext => Math.Sqrt((1 - Current.AlphaNext) / Current.AlphaNext);
    }
}
