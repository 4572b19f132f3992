using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="Dpm2SSampler"/>: those of the training alone.</summary>
public sealed record Dpm2SOptions : DiffusionOptions;

/// <summary>
/// DPM-Solver++ (2S), single-step of second order on the estimate of x₀ (Lu et al., 2022, algorithm 1; the released code of U-ViT): a call where a
/// step begins and one half way in λ = −log σ, whose image leads over the whole step.
/// </summary>
/// <remarks>
/// Time is continuous: trained timestep i stands at (i + 1)/1000, log ᾱ is linear in between, steps are equal parts of 1 to 1/1000, and the network
/// is told 1000 · time. The run ends at the first trained timestep.
/// </remarks>
public sealed class Dpm2SSampler(Dpm2SOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<Dpm2SOptions> Settings = new("Sampler", "dpm++2s", "spacing", "steps_offset");

    /// <summary>The settings.</summary>
    public Dpm2SOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => new Dpm2SSampler((Dpm2SOptions)options);

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        SamplerContract.RequireSkip(Options, steps);
        DiffusionPlan.RequireCount(Options, steps);
        var time = new ContinuousTime(Options);
        var times = time.Grid(steps)[Options.SkippedSteps..];
        return new SamplerRun(noise, times.Length - 1, 2 * (times.Length - 1), (x, answer) => Walk(x, answer, time, times, prediction));
    }

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, ContinuousTime time, double[] times, Prediction prediction)
    {
        Tensor? image = null;
        for (var i = 0; i + 1 < times.Length; i++)
        {
            double from = time.SigmaAt(times[i]), to = time.SigmaAt(times[i + 1]);
            var step = new SigmaStep(i, 1000 * times[i], from, to);
            yield return step.Ask(x) with { Estimate = image };

            image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            var between = Math.Sqrt(from * to);
            var middle = new SigmaStep(i, 1000 * time.TimeOf(between), between, to);
            var half = step.Towards(x, image, between, 0, between, answer.DrawNoise);
            yield return middle.Ask(half) with { Estimate = image, Kept = [x] };

            image = middle.ImageFrom(half, answer.Output, prediction, Options.ClipRange);
            x = step.Towards(x, image, to, 0, to, answer.DrawNoise);
        }

        yield return SamplerQuestion.Result(times.Length - 1, x, image);
    }
}

/// <summary>The noise levels of a trained schedule at any time in (0, 1] (DPM-Solver's discrete noise schedule).</summary>
internal sealed class ContinuousTime(DiffusionOptions options)
{
    private readonly double[] _logs = [.. options.CreateSchedule().AlphasCumulative.Select(alpha => Math.Log(Math.Max(alpha, double.Epsilon)) / 2)];

    /// <summary>Ends of equal steps from 1 to that of the first trained timestep, the noisiest first.</summary>
    public double[] Grid(int steps) => [.. Enumerable.Range(0, steps + 1).Select(i => 1 + (i * ((1.0 / _logs.Length) - 1) / steps))];

    /// <summary>σ = √(1−ᾱ)/√ᾱ at a time; log √ᾱ is linear between trained timesteps.</summary>
    public double SigmaAt(double time)
    {
        var at = Math.Clamp((time * _logs.Length) - 1, 0, _logs.Length - 1);
        var low = Math.Min((int)at, _logs.Length - 2);
        var log = _logs[low] + ((at - low) * (_logs[low + 1] - _logs[low]));
        return Math.Sqrt(Math.Exp(-2 * log) - 1);
    }

    /// <summary>The time of a level.</summary>
    public double TimeOf(double sigma)
    {
        var log = -Math.Log(1 + (sigma * sigma)) / 2;
        var low = 0;
        while (low < _logs.Length - 2 && _logs[low + 1] > log)
        {
            low++;
        }

        return (low + 1 + ((log - _logs[low]) / (_logs[low + 1] - _logs[low]))) / _logs.Length;
    }
}
