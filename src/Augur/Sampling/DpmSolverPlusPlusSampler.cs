using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="DpmSolverPlusPlusSampler"/>. The defaults are those of diffusers' DPMSolverMultistepScheduler.</summary>
public sealed record DpmSolverPlusPlusOptions : DiffusionOptions
{
    private const int FewSteps = 15;

    /// <summary>Settings with diffusers' defaults; the spacing is <see cref="TimestepSpacing.Linspace"/>.</summary>
    public DpmSolverPlusPlusOptions() => Spacing = TimestepSpacing.Linspace;

    /// <summary>Order of the solver: 1 is DDIM; 2 also uses the network's output of the step before.</summary>
    [Setting("order", 1, 2)]
    public int Order { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Whether the last step of a run with fewer than 15 steps is of first order, for stability.</summary>
    [Setting("lower_order_final")]
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>Whether the last step leads to σ = 0, which makes it of first order, rather than to the first trained timestep.</summary>
    [Setting("end_at_image")]
    public bool EndAtImage { get; init; } = true;

    /// <summary>Whether the last step of every run is of first order, as diffusers' euler_at_final.</summary>
    [Setting("first_order_final")]
    public bool FirstOrderFinal { get; init; }

    /// <summary>Whether the noise levels lie as Karras et al. (2022, equation 5, ρ = 7) spread them, instead of at spaced timesteps.</summary>
    [Setting("karras")]
    public bool Karras { get; init; }

    /// <summary>Whether the last of so many steps is of first order.</summary>
    internal bool LastIsFirstOrder(int stepCount) => EndAtImage || FirstOrderFinal || (LowerOrderFinal && stepCount < FewSteps);
}

/// <summary>DPM-Solver++(2M), multistep with the midpoint rule (Lu et al., 2022, algorithm 2).</summary>
public sealed class DpmSolverPlusPlusSampler(DpmSolverPlusPlusOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<DpmSolverPlusPlusOptions> Settings = new("Sampler", "dpm++");

    /// <summary>The settings.</summary>
    public DpmSolverPlusPlusOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => new DpmSolverPlusPlusSampler((DpmSolverPlusPlusOptions)options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise, steps, prediction);
        SamplerContract.RequireSkip(Options, steps);
        var plan = DiffusionPlan.Remaining(Options, PlanOf(Options, Options.Karras, Options.EndAtImage, steps));
        return new SamplerRun(noise, plan.Length, plan.Length, (x, answer) => Walk(x, answer, plan, prediction));
    }

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, DiffusionStep[] plan, Prediction prediction)
    {
        Tensor? imageBefore = null;
        foreach (var step in plan)
        {
            yield return step.Ask(x) with { Estimate = imageBefore };

            var image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            var fromLatent = Math.Sqrt((1 - step.AlphaNext) / (1 - step.Alpha));

            // 1 − e^{−h} with h = λ_next − λ and λ = −log σ, where σ = √(1−ᾱ)/√ᾱ.
            var fromImage = Math.Sqrt(step.AlphaNext) * (1 - (step.SigmaNext / step.Sigma));
            var isLast = step.Index == plan.Length - 1;

            // With many steps, rounding can visit one timestep twice; no slope can be taken between two outputs at the same time.
            if (Options.Order == 1 || imageBefore is null || plan[step.Index - 1].Alpha == step.Alpha
                || (isLast && Options.LastIsFirstOrder(plan.Length + Options.SkippedSteps)))
            {
                x = Sum((fromLatent, x), (fromImage, image));
            }
            else
            {
                // D₀ + ½·D₁ with D₁ = (D₀ − image before)/r, r = h_before / h.
                var inverseRatio = Math.Log(step.Sigma / step.SigmaNext) / Math.Log(plan[step.Index - 1].Sigma / step.Sigma);
                x = Sum((fromLatent, x), (fromImage * (1 + (inverseRatio / 2)), image), (-fromImage * inverseRatio / 2, imageBefore));
            }

            imageBefore = image;
        }

        yield return SamplerQuestion.Result(plan.Length, x, imageBefore);
    }

    /// <summary>The steps of diffusers' multistep solvers in log σ: this one, its stochastic form, UniPC.</summary>
    /// <param name="options">Training and spacing.</param>
    /// <param name="karras">Whether levels are spread as Karras et al. do.</param>
    /// <param name="endAtImage">Whether the last step leads to σ = 0.</param>
    /// <param name="count">Number of steps.</param>
    internal static DiffusionStep[] PlanOf(DiffusionOptions options, bool karras, bool endAtImage, int count)
    {
        double[] alphas = [.. options.CreateSchedule().AlphasCumulative];
        if (options.ZeroTerminalSnr)
        {
            // As in diffusers: the solver works in log σ, which is infinite at ᾱ = 0, so that a small ᾱ takes its place.
            alphas[^1] = 1.0 / (1 << 24);
        }

        var lastAlpha = endAtImage ? 1 : alphas[0];
        return karras ? KarrasLevels.Plan(count, alphas, lastAlpha, wholeTimesteps: options.Betas != BetaSchedule.Cosine)
            : DiffusionPlan.Through(Timesteps(options, count), alphas, lastAlpha);
    }

    // These schedulers space count + 1 points; the last is where the run ends and is not visited.
    private static int[] Timesteps(DiffusionOptions options, int count)
    {
        var times = DiffusionPlan.Timesteps(options, count);
        var last = options.TrainedStepCount - 1;
        if (count == 1 || options.Spacing is not (TimestepSpacing.Linspace or TimestepSpacing.Leading))
        {
            return times;
        }

        if (options.Spacing == TimestepSpacing.Linspace)
        {
            return [.. DiffusionPlan.Indices(count).Select(i => DiffusionPlan.Round((count - i) * (last / (double)count)))];
        }

        return count > last
            ? throw new ArgumentOutOfRangeException(nameof(count), $"{count} steps cannot be taken with leading spacing; between 1 and {last} can.")
            : [.. DiffusionPlan.Indices(count).Select(i => Math.Min(last, ((count - i) * ((last + 1) / (count + 1))) + options.StepsOffset))];
    }
}
