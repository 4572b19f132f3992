using Augur.Algebra;
using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>In what the polynomial through the last outputs is written.</summary>
public enum DeisBasis
{
    /// <summary>The network's time (tAB-DEIS, the paper's best).</summary>
    Time,

    /// <summary>log ρ, ρ = √(1−ᾱ)/√ᾱ (diffusers' DEISMultistepScheduler).</summary>
    [Word("log-rho")]
    LogRho,

    /// <summary>ρ = √(1−ᾱ)/√ᾱ (ρAB-DEIS).</summary>
    Rho,
}

/// <summary>Settings of <see cref="DeisSampler"/>.</summary>
public sealed record DeisOptions : MultistepOptions
{
    /// <summary>Outputs that a step uses: 1 is DDIM, 2 a straight line through the last two, and so on. The paper counts from 0.</summary>
    [Setting("order", 1, 4)]
    public int Order { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>In what the polynomial through the last outputs is written.</summary>
    [Setting("basis")]
    public DeisBasis Basis { get; init; }
}

/// <summary>
/// The exponential integrator of Zhang and Chen (2023), multistep: y = x/√ᾱ moves by ∫ ε dρ, and ε is the polynomial through its last values.
/// </summary>
public sealed class DeisSampler(DeisOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<DeisOptions> Settings = new("Sampler", "deis");

    /// <summary>The settings.</summary>
    public DeisOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => new DeisSampler((DeisOptions)options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        SamplerContract.RequireSkip(Options, steps);
        if (Options is { Karras: true, Basis: DeisBasis.Time })
        {
            throw new ArgumentException("Sampler deis: basis=time needs trained timesteps, and Karras levels lie between them; give basis=log-rho.");
        }

        var plan = Options.Plan(steps);
        var measure = new DeisMeasure(Options.Basis, plan, Options.CreateSchedule().AlphasCumulative);
        return new SamplerRun(noise, plan.Length, plan.Length, (x, answer) => Walk(x, answer, plan, measure, prediction));
    }

    private IEnumerable<SamplerQuestion> Walk(
        Tensor x, NetworkAnswer answer, DiffusionStep[] plan, DeisMeasure measure, Prediction prediction)
    {
        List<Tensor> noises = []; // newest first
        Tensor? image = null;
        foreach (var step in plan)
        {
            yield return step.Ask(x) with { Estimate = image, Kept = [.. noises] };

            image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            noises.Insert(0, Options.ClipRange is null ? step.NoiseFrom(x, answer.Output, prediction).Copy() : step.NoiseBeside(x, image));
            var order = Math.Min(noises.Count, Options.OrderAt(step.Index, plan.Length, Options.Order));
            var weights = measure.Weights(step.Index, order);
            var signal = Math.Sqrt(step.AlphaNext);
            x = Sum([(signal / Math.Sqrt(step.Alpha), x), .. weights.Select((weight, i) => (signal * weight, noises[i]))]);
            noises.RemoveRange(Math.Min(noises.Count, Options.Order - 1), noises.Count - Math.Min(noises.Count, Options.Order - 1));
        }

        yield return SamplerQuestion.Result(plan.Length, x, image);
    }
}

/// <summary>The integrals over ρ of the polynomials that are 1 at one visited point and 0 at others.</summary>
/// <param name="basis">What the polynomials are written in.</param>
/// <param name="plan">The steps of the run.</param>
/// <param name="alphas">ᾱ of every trained timestep.</param>
internal sealed class DeisMeasure(DeisBasis basis, DiffusionStep[] plan, IReadOnlyList<double> alphas)
{
    /// <summary>Weights of the last outputs, newest first, in the change of x/√ᾱ over a step.</summary>
    /// <param name="index">The step.</param>
    /// <param name="order">Outputs to use, those of the steps before included; fewer where two were taken at one time.</param>
    public double[] Weights(int index, int order)
    {
        for (var i = 1; i < order; i++)
        {
            order = plan[index - i].Alpha == plan[index - i + 1].Alpha ? i : order; // rounding can visit one timestep twice
        }

        var powers = Integrals(index, order);
        double[] points = [.. Enumerable.Range(0, order).Select(i => At(index - i) - At(index))];
        var matrix = new double[order, order];
        for (var power = 0; power < order; power++)
        {
            for (var i = 0; i < order; i++)
            {
                matrix[power, i] = Math.Pow(points[i], power);
            }
        }

        return LinearSystem.Solve(matrix, powers); // Σ weight · u^k = ∫ u^k dρ for every power that is used
    }

    private double At(int index) => basis switch
    {
        DeisBasis.Time => plan[index].Timestep,
        DeisBasis.LogRho => Math.Log(plan[index].Sigma),
        _ => plan[index].Sigma,
    };

    // ∫ u^k dρ over the step for k = 0, 1, …, where u is the distance from the step's beginning in the basis.
    private double[] Integrals(int index, int count)
    {
        double from = plan[index].Sigma, to = plan[index].SigmaNext;
        return basis switch
        {
            DeisBasis.Time => [.. Enumerable.Range(0, count).Select(k => OverTime(index, k))],
            DeisBasis.LogRho => LogMoments(from, to, count),
            _ => [.. Enumerable.Range(1, count).Select(k => Math.Pow(to - from, k) / k)],
        };
    }

    // ∫ log(ρ/from)^k dρ = ρ · log(ρ/from)^k − k · (the same of k − 1); its terms vanish at ρ = 0.
    private static double[] LogMoments(double from, double to, int count)
    {
        var moments = new double[count];
        for (var k = 0; k < count; k++)
        {
            var end = to == 0 ? 0 : to * Math.Pow(Math.Log(to / from), k);
            moments[k] = end - (k == 0 ? from : k * moments[k - 1]);
        }

        return moments;
    }

    // Between trained timesteps time is linear in ρ, and Simpson's rule exact; the image lies one timestep before the first.
    private double OverTime(int index, int power)
    {
        var step = plan[index];
        var (time, rho, sum) = ((double)step.Timestep, step.Sigma, 0.0);
        while (rho > step.SigmaNext)
        {
            var before = (int)Math.Ceiling(time) - 1;
            var end = Math.Max(step.SigmaNext, before < 0 ? 0 : Math.Sqrt((1 - alphas[before]) / alphas[before]));
            double start = time - step.Timestep, stop = before - step.Timestep;
            sum += (end - rho) * (Math.Pow(start, power) + (4 * Math.Pow((start + stop) / 2, power)) + Math.Pow(stop, power)) / 6;
            (time, rho) = (before, end);
        }

        return sum;
    }
}
