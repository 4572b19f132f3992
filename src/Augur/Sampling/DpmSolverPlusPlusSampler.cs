using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="DpmSolverPlusPlusSampler"/>. The defaults are those of diffusers' DPMSolverMultistepScheduler.</summary>
public sealed record DpmSolverPlusPlusOptions : DiffusionOptions
{
    private const int FewSteps = 15;
    private const int FewContinuousSteps = 10;

    /// <summary>Settings with diffusers' defaults; the spacing is <see cref="TimestepSpacing.Linspace"/>.</summary>
    public DpmSolverPlusPlusOptions() => Spacing = TimestepSpacing.Linspace;

    /// <summary>Order of the solver: 1 is DDIM; 2 also uses the network's output of the step before.</summary>
    [Setting("order", 1, 2)]
    public int Order { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>
    /// Whether times lie in equal parts of continuous time, from the last trained timestep to the first, also between trained timesteps, with log ᾱ in
    /// proportion: DPM-Solver's own code, as PixArt was released with (there with <see cref="EndAtImage"/> false). Spacing has no part in it.
    /// </summary>
    [Setting("continuous")]
    public bool Continuous { get; init; }

    /// <summary>
    /// Whether the last step of a run with fewer than 15 steps (10 in continuous time) is of first order, for stability.
    /// </summary>
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
    internal bool LastIsFirstOrder(int stepCount) => EndAtImage || FirstOrderFinal || (LowerOrderFinal && stepCount < (Continuous ? FewContinuousSteps : FewSteps));
}

/// <summary>DPM-Solver++(2M), multistep with the midpoint rule (Lu et al., 2022, algorithm 2).</summary>
public sealed class DpmSolverPlusPlusSampler(DpmSolverPlusPlusOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<DpmSolverPlusPlusOptions> Settings = new("Sampler", "dpm++");

    /// <summary>The settings.</summary>
    public DpmSolverPlusPlusOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <summary>Where in continuous time a run begins: 1 is noise alone. For replays of runs that began later.</summary>
    internal double Start { get; init; } = 1;

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
        var plan = Plan(steps);
        return new SamplerRun(noise, steps, steps, (x, answer) => Walk(x, answer, plan, prediction));
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
                || (isLast && Options.LastIsFirstOrder(plan.Length)))
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

    private DiffusionStep[] Plan(int count)
    {
        var schedule = Options.CreateSchedule();
        double[] alphas = [.. schedule.AlphasCumulative];
        if (Options.ZeroTerminalSnr)
        {
            // As in diffusers: the solver works in log σ, which is infinite at ᾱ = 0, so that a small ᾱ takes its place.
            alphas[^1] = 1.0 / (1 << 24);
        }

        var lastAlpha = Options.EndAtImage ? 1 : alphas[0];
        return Options.Continuous ? ContinuousTimes.Plan(count, alphas, Start, Options.EndAtImage)
            : Options.Karras ? KarrasLevels.Plan(count, alphas, lastAlpha, wholeTimesteps: Options.Betas != BetaSchedule.Cosine)
            : DiffusionPlan.Through(Timesteps(count), alphas, lastAlpha);
    }

    // This scheduler spaces count + 1 points; the last is where the run ends and is not visited.
    private int[] Timesteps(int count)
    {
        var times = DiffusionPlan.Timesteps(Options, count);
        var last = Options.TrainedStepCount - 1;
        if (count == 1 || Options.Spacing is not (TimestepSpacing.Linspace or TimestepSpacing.Leading))
        {
            return times;
        }

        if (Options.Spacing == TimestepSpacing.Linspace)
        {
            return [.. DiffusionPlan.Indices(count).Select(i => DiffusionPlan.Round((count - i) * (last / (double)count)))];
        }

        return count > last
            ? throw new ArgumentOutOfRangeException(nameof(count), $"{count} steps cannot be taken with leading spacing; between 1 and {last} can.")
            : [.. DiffusionPlan.Indices(count).Select(i => Math.Min(last, ((count - i) * ((last + 1) / (count + 1))) + Options.StepsOffset))];
    }
}
