using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="PndmSampler"/>. The defaults are those of Stable Diffusion's pipelines.</summary>
public sealed record PndmOptions : DiffusionOptions
{
    /// <summary>Settings with diffusers' spacing, <see cref="TimestepSpacing.Leading"/>.</summary>
    public PndmOptions() => Spacing = TimestepSpacing.Leading;

    /// <summary>
    /// Whether the first three steps are Runge-Kutta steps of four calls each (the paper), rather than one step with a mean of two calls (PLMS, as
    /// Stable Diffusion has it). Needs four steps or more.
    /// </summary>
    [Setting("runge_kutta")]
    public bool RungeKutta { get; init; }

    /// <summary>Whether the last step leads to the image (ᾱ = 1) rather than to the first trained timestep.</summary>
    [Setting("end_at_image")]
    public bool EndAtImage { get; init; }
}

/// <summary>
/// Pseudo numerical methods for diffusion (Liu et al., 2022; latent-diffusion's PLMS, diffusers' PNDMScheduler): DDIM steps with a combination of the
/// last four outputs.
/// </summary>
/// <remarks>
/// As released, a step goes back by ⌊1000/steps⌋ timesteps from where it stands, which under linspace is not the next visited timestep.
/// </remarks>
public sealed class PndmSampler(PndmOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<PndmOptions> Settings = new("Sampler", "pndm");

    private const int WarmUpSteps = 3; // of Runge-Kutta

    // Adams-Bashforth: weights of the outputs, the newest first.
    private static readonly double[][] s_weights =
    [
        [1], [3 / 2.0, -1 / 2.0], [23 / 12.0, -16 / 12.0, 5 / 12.0], [55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0],
    ];

    /// <summary>The settings.</summary>
    public PndmOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => new PndmSampler((PndmOptions)options);

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        SamplerContract.RequireSkip(Options, steps);
        if (Options.RungeKutta && steps - Options.SkippedSteps <= WarmUpSteps)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps),
                $"Sampler {Name} begins with {WarmUpSteps} Runge-Kutta steps and takes more than these, not {steps - Options.SkippedSteps}.");
        }

        var alphas = Options.CreateSchedule().AlphasCumulative;
        var all = DiffusionPlan.Striding(DiffusionPlan.Timesteps(Options, steps), alphas, Options.EndAtImage ? 1 : alphas[0]);
        var plan = DiffusionPlan.Usable(DiffusionPlan.Remaining(Options, all), prediction);
        var calls = Options.RungeKutta ? plan.Length + (3 * WarmUpSteps) : plan.Length == 1 ? 1 : plan.Length + 1;
        return new SamplerRun(noise, plan.Length, calls, (x, answer) => Walk(x, answer, plan, alphas, prediction));
    }

    private IEnumerable<SamplerQuestion> Walk(
        Tensor x, NetworkAnswer answer, DiffusionStep[] plan, IReadOnlyList<double> alphas, Prediction prediction)
    {
        Tensor? image = null;
        var outputs = new List<Tensor>(); // the newest first
        foreach (var step in plan)
        {
            yield return step.Ask(x) with { Estimate = image, Kept = [.. outputs] };

            outputs.Insert(0, answer.Output.Copy());
            var output = Combined(s_weights[outputs.Count - 1], outputs);
            if (Options.RungeKutta && step.Index < WarmUpSteps)
            {
                var gathered = Sum((1 / 6.0, outputs[0]));
                foreach (var (landing, timestep, weight) in Stages(plan, step))
                {
                    var stage = step with { AlphaNext = alphas[landing] };
                    var middle = Step(stage, x, answer.Output, prediction, out image);
                    yield return (stage with { Timestep = timestep, Alpha = alphas[timestep] }).Ask(middle) with
                    {
                        Estimate = image,
                        Kept = [x, gathered, .. outputs],
                    };

                    gathered = Sum((1, gathered), (weight, answer.Output));
                }

                output = gathered;
            }
            else if (!Options.RungeKutta && step.Index == 0 && plan.Length > 1)
            {
                // The first step once more, with the mean of the outputs at both its ends.
                var end = Step(step, x, output, prediction, out image);
                yield return plan[1].Ask(end) with { Step = 0, Estimate = image, Kept = [x, .. outputs] };

                output = Sum((0.5, outputs[0]), (0.5, answer.Output));
            }

            x = Step(step, x, output, prediction, out image);
            outputs = [.. outputs.Take(s_weights.Length - 1)];
        }

        yield return SamplerQuestion.Result(plan.Length, x, image);
    }

    private Tensor Step(DiffusionStep step, Tensor x, Tensor output, Prediction prediction, out Tensor image)
    {
        image = step.ImageFrom(x, output, prediction, Options.ClipRange);
        return Sum((Math.Sqrt(step.AlphaNext), image), (Math.Sqrt(1 - step.AlphaNext), step.NoiseFrom(x, output, prediction)));
    }

    private static Tensor Combined(double[] weights, List<Tensor> outputs) => Sum([.. weights.Zip(outputs, (weight, output) => (weight, output))]);

    // The three further calls of a Runge-Kutta step, twice half way and once at its end: timestep that the latent is led to, timestep that the
    // network is told (under odd strides the first is one off, as released), weight of the output.
    private (int Landing, int Timestep, double Weight)[] Stages(DiffusionStep[] plan, DiffusionStep step)
    {
        var half = Options.TrainedStepCount / (plan.Length + Options.SkippedSteps) / 2;
        var (begin, end) = ((int)step.Timestep, (int)plan[step.Index + 1].Timestep); // of spaced timesteps, which are whole
        return [(begin - half, end + half, 1 / 3.0), (end + half, end + half, 1 / 3.0), (end, end, 1 / 6.0)];
    }
}
