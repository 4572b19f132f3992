using Augur.Tensors;
using Augur.Notation;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>
/// DPM-Solver++ (2M) of the stochastic equation, midpoint rule (Lu et al., 2022; diffusers' DPMSolverMultistepScheduler with sde-dpmsolver++): fresh
/// noise at every step.
/// </summary>
public sealed class Dpm2MSdeSampler(DpmSolverPlusPlusOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<DpmSolverPlusPlusOptions> Settings = new("Sampler", "dpm++2m-sde");

    /// <summary>The settings.</summary>
    public DpmSolverPlusPlusOptions Options { get; } = SamplerContract.Valid(options ?? new()) switch
    {
        { Order: > 2 } third => throw new ArgumentException($"dpm++2m-sde is of order 1 or 2, not {third.Order}."),
        { Continuous: true } => throw new ArgumentException("dpm++2m-sde takes trained timesteps; continuous is false."),
        var fitting => fitting,
    };

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool AddsNoise => true;

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => new Dpm2MSdeSampler((DpmSolverPlusPlusOptions)options);

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
        Tensor? imageBefore = null;
        foreach (var step in plan)
        {
            yield return step.Ask(x) with { Estimate = imageBefore };

            var image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            var decay = step.SigmaNext / step.Sigma; // e^{−h}
            var fromLatent = Math.Sqrt((1 - step.AlphaNext) / (1 - step.Alpha)) * decay;
            var fromImage = Math.Sqrt(step.AlphaNext) * (1 - (decay * decay));
            var fromNoise = Math.Sqrt((1 - step.AlphaNext) * (1 - (decay * decay)));
            var isFirstOrder = imageBefore is null || plan[step.Index - 1].Alpha == step.Alpha || Options.OrderAt(step.Index, plan.Length) == 1;
            var inverseRatio = isFirstOrder ? 0 : Math.Log(step.Sigma / step.SigmaNext) / Math.Log(plan[step.Index - 1].Sigma / step.Sigma);
            (double, Tensor)[] parts =
            [
                (fromLatent, x), (fromImage * (1 + (inverseRatio / 2)), image),
                .. isFirstOrder ? [] : ((double, Tensor)[])[(-fromImage * inverseRatio / 2, imageBefore!)],
                .. fromNoise > 0 ? ((double, Tensor)[])[(fromNoise, answer.DrawNoise())] : [],
            ];
            x = Sum(parts);
            imageBefore = image;
        }

        yield return SamplerQuestion.Result(plan.Length, x, imageBefore);
    }
}
