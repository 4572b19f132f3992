using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="DpmSolverPlusPlusSampler"/>. The defaults are those of diffusers' DPMSolverMultistepScheduler.</summary>
public sealed record DpmSolverPlusPlusOptions : MultistepOptions
{
    /// <summary>Order of the solver: 1 is DDIM; 2 and 3 also use the network's outputs of one and two steps before.</summary>
    [Setting("order", 1, 3)]
    public int Order { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>
    /// Whether times lie in equal parts of continuous time, from the last trained timestep to the first, also between trained timesteps, with log ᾱ
    /// in proportion: DPM-Solver's own code, as PixArt was released with (there with <see cref="MultistepOptions.EndAtImage"/> false). Spacing has
    /// no part in it, and runs of fewer than 10 steps, not 15, end in lower orders.
    /// </summary>
    [Setting("continuous")]
    public bool Continuous { get; init; }

    /// <summary>Whether the last step of every run is of first order, as diffusers' euler_at_final.</summary>
    [Setting("first_order_final", After = "end_at_image")]
    public bool FirstOrderFinal { get; init; }

    /// <summary>The highest order that a step of so many may have.</summary>
    internal int OrderAt(int step, int stepCount) =>
        step == stepCount - 1 && (EndAtImage || FirstOrderFinal) ? 1 : OrderAt(step, stepCount, Order);

    /// <inheritdoc/>
    internal override int FewSteps => Continuous ? 10 : base.FewSteps;
}

/// <summary>DPM-Solver++(2M) and (3M): multistep with the midpoint rule (Lu et al., 2022, algorithm 2), and of third order.</summary>
/// <remarks>
/// The third order is as released: it takes half of the curvature that the parabola through three estimates has, so that it is nearer than the second
/// order, not of a higher one.
/// </remarks>
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
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        SamplerContract.RequireSkip(Options, steps);
        var plan = Options.Continuous
            ? DiffusionPlan.Remaining(Options, ContinuousTimes.Plan(steps, Options.Alphas(), Start, Options.EndAtImage))
            : Options.Plan(steps);
        return new SamplerRun(noise, plan.Length, plan.Length, (x, answer) => Walk(x, answer, plan, prediction));
    }

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, DiffusionStep[] plan, Prediction prediction)
    {
        List<Tensor> images = []; // newest first
        var kept = Math.Max(1, Options.Order - 1);
        foreach (var step in plan)
        {
            yield return step.Ask(x) with { Estimate = images.FirstOrDefault(), Kept = [.. images.Skip(1)] };

            images.Insert(0, step.ImageFrom(x, answer.Output, prediction, Options.ClipRange));
            var weights = Weights(plan, step.Index, images.Count);
            x = Sum([(Math.Sqrt((1 - step.AlphaNext) / (1 - step.Alpha)), x), .. weights.Zip(images)]);
            images.RemoveRange(Math.Min(images.Count, kept), images.Count - Math.Min(images.Count, kept));
        }

        yield return SamplerQuestion.Result(plan.Length, x, images[0]);
    }

    // Weights of the estimates of x₀, newest first. λ = −log σ, where σ = √(1−ᾱ)/√ᾱ; h = λ_next − λ.
    private double[] Weights(DiffusionStep[] plan, int index, int known)
    {
        var step = plan[index];
        var signal = Math.Sqrt(step.AlphaNext);
        var all = signal * (1 - (step.SigmaNext / step.Sigma)); // √ᾱ · (1 − e^{−h})
        var order = Math.Min(known, Options.OrderAt(index, plan.Length));

        // With many steps, rounding can visit one timestep twice; no slope can be taken between two outputs at the same time.
        for (var i = 1; i < order; i++)
        {
            order = plan[index - i].Alpha == plan[index - i + 1].Alpha ? i : order;
        }

        if (order == 1 || step.Sigma == step.SigmaNext)
        {
            return [all];
        }

        // D₁ = (x₀ − x₀ before)/r, r = h_before / h.
        var h = Math.Log(step.Sigma / step.SigmaNext);
        var r0 = Math.Log(plan[index - 1].Sigma / step.Sigma) / h;
        if (order == 2)
        {
            return [all * (1 + (0.5 / r0)), -all * 0.5 / r0]; // D₀ + ½·D₁
        }

        // Third order: the slope at the newest and the curvature of the parabola through three estimates.
        var r1 = Math.Log(plan[index - 2].Sigma / plan[index - 1].Sigma) / h;
        double[] near = [1 / r0, -1 / r0, 0], far = [0, 1 / r1, -1 / r1];
        var ofSlope = signal - (all / h);
        var ofCurvature = signal * (0.5 - (((all / -signal) + h) / (h * h)));
        return [.. near.Select((n, i) =>
        {
            var change = n - far[i];
            return (i == 0 ? all : 0) + (ofSlope * (n + (r0 / (r0 + r1) * change))) + (ofCurvature * (change / (r0 + r1)));
        })];
    }
}
