using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>One step between two noise levels σ = √(1−ᾱ)/√ᾱ. The latent is kept as the network sees it, x/√(1+σ²) of x = image + σ·noise.</summary>
/// <param name="Index">Index of the step in the run; 0 is pure noise.</param>
/// <param name="Timestep">Model time of the call, possibly fractional.</param>
/// <param name="Sigma">Level at the beginning.</param>
/// <param name="SigmaNext">Level that it leads to; 0 is the image.</param>
internal readonly record struct SigmaStep(int Index, double Timestep, double Sigma, double SigmaNext)
{
    /// <summary>Factor from what the network sees to image + σ·noise.</summary>
    public double Scale => ScaleOf(Sigma);

    /// <summary>The same where the step ends.</summary>
    public double ScaleNext => ScaleOf(SigmaNext);

    /// <summary>√(1+σ²).</summary>
    public static double ScaleOf(double sigma) => Math.Sqrt(1 + (sigma * sigma));

    /// <summary>The question to the network for this step.</summary>
    public SamplerQuestion Ask(Tensor latent) => new(Index, latent, (float)Timestep, Sigma, Sigma);

    /// <summary>The estimate of x₀ that follows from the network's output for a latent at this level.</summary>
    public Tensor ImageFrom(Tensor latent, Tensor output, Prediction prediction, double? clipRange) =>
        new DiffusionStep(Index, 0, 1 / (1 + (Sigma * Sigma)), 1).ImageFrom(latent, output, prediction, clipRange);

    /// <summary>dx/dσ of image + σ·noise: the noise that the latent holds beside an image.</summary>
    public Tensor SlopeBeside(Tensor latent, Tensor image) => Sum((Scale / Sigma, latent), (-1 / Sigma, image));

    /// <summary>
    /// The latent after a straight step towards the image down to a level, with fresh noise up to another: the deterministic part of an ancestral
    /// step.
    /// </summary>
    /// <param name="latent">Where the step begins.</param>
    /// <param name="image">Estimate of x₀.</param>
    /// <param name="down">Level that is stepped to.</param>
    /// <param name="up">Deviation of the noise that is added.</param>
    /// <param name="to">Level of the result: √(down² + up²).</param>
    /// <param name="noise">Asked only where up is above 0.</param>
    public Tensor Towards(Tensor latent, Tensor image, double down, double up, double to, Func<Tensor> noise)
    {
        var (scale, share) = (ScaleOf(to), down / Sigma);
        return up > 0
            ? Sum((share * Scale / scale, latent), ((1 - share) / scale, image), (up / scale, noise()))
            : Sum((share * Scale / scale, latent), ((1 - share) / scale, image));
    }
}

/// <summary>Makes the list of steps of a run that counts in noise levels.</summary>
internal sealed class SigmaPlan
{
    private readonly double[] _logs; // log σ of every trained timestep, ascending
    private readonly double[] _sigmas;

    /// <param name="options">Training, spacing, levels.</param>
    /// <param name="count">Steps, those that are skipped included.</param>
    public SigmaPlan(SigmaOptions options, int count)
    {
        double[] alphas = [.. options.CreateSchedule().AlphasCumulative];
        if (options.ZeroTerminalSnr)
        {
            alphas[^1] = 1.0 / (1 << 24); // as diffusers does: log σ is infinite at ᾱ = 0
        }

        _sigmas = Array.ConvertAll(alphas, alpha => Math.Sqrt((1 - alpha) / alpha));
        _logs = Array.ConvertAll(_sigmas, Math.Log);
        var times = Times(options, count);
        var levels = Array.ConvertAll(times, SigmaAt);
        if (options.Karras)
        {
            levels = KarrasLevels.Spread(count, levels[0], levels[^1]);
            times = Array.ConvertAll(levels, TimeOf);
        }

        StartsAtLevel = options.Spacing == TimestepSpacing.Leading;
        Steps = [.. DiffusionPlan.Indices(count).Select(i =>
            new SigmaStep(i, times[i], levels[i], i + 1 < count ? levels[i + 1] : options.EndAtImage ? 0 : _sigmas[0]))];
        Steps = [.. Steps.Skip(options.SkippedSteps).Select(step => step with { Index = step.Index - options.SkippedSteps })];
        Skips = options.SkippedSteps > 0;
    }

    /// <summary>The steps, the noisiest first.</summary>
    public SigmaStep[] Steps { get; }

    /// <summary>Whether the start is noise of the first level beside no image, rather than noise of that level alone.</summary>
    public bool StartsAtLevel { get; }

    /// <summary>Whether the run begins behind its first step.</summary>
    public bool Skips { get; }

    /// <summary>What the network sees first, made of the run's starting latent.</summary>
    /// <remarks>
    /// As diffusers: under linspace and trailing x = σ·noise; under leading x = √(1+σ²)·noise, so that the network sees unit noise.
    /// </remarks>
    public Tensor Start(Tensor noise) => StartsAtLevel || Skips ? noise : Sum((Steps[0].Sigma / Steps[0].Scale, noise));

    /// <summary>Model time of a level: between the two trained levels around log σ, in proportion.</summary>
    public double TimeOf(double sigma) => KarrasLevels.TimeAt(Math.Log(sigma), _logs);

    private double SigmaAt(double time)
    {
        var low = Math.Min((int)time, _sigmas.Length - 2);
        return _sigmas[low] + ((time - low) * (_sigmas[low + 1] - _sigmas[low]));
    }

    // Under linspace these samplers visit fractional timesteps.
    private static double[] Times(SigmaOptions options, int count)
    {
        var whole = DiffusionPlan.Timesteps(options, count);
        return options.Spacing != TimestepSpacing.Linspace || count == 1 ? Array.ConvertAll(whole, time => (double)time)
            : [.. DiffusionPlan.Indices(count).Select(i => (count - 1 - i) * ((options.TrainedStepCount - 1) / (double)(count - 1)))];
    }
}
