using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>What the samplers that count in noise levels share.</summary>
public abstract class SigmaSampler : IDiffusionSampler
{
    private readonly SettingList<SigmaOptions> _settings;

    private protected SigmaSampler(SettingList<SigmaOptions> settings, SigmaOptions? options) =>
        (_settings, Options) = (settings, SamplerContract.Valid(options ?? new()));

    /// <summary>The settings.</summary>
    public SigmaOptions Options { get; }

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => _settings.Format(Options);

    /// <inheritdoc/>
    public abstract bool AddsNoise { get; }

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => Made((SigmaOptions)options);

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        SamplerContract.RequireSkip(Options, steps);
        var plan = new SigmaPlan(Options, steps);
        return new SamplerRun(
            noise, plan.Steps.Length, CallsFor(plan.Steps), (x, answer) => Walk(plan.Start(x), answer, plan, prediction));
    }

    private protected abstract ISampler Made(SigmaOptions options);

    private protected virtual int CallsFor(SigmaStep[] steps) => steps.Length;

    private protected abstract IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, SigmaPlan plan, Prediction prediction);

    // The level that an ancestral step goes down to, and the deviation of the noise that leads up again (k-diffusion, get_ancestral_step at η = 1).
    private protected static (double Down, double Up) Ancestral(double from, double to)
    {
        var up = Math.Min(to, Math.Sqrt(Math.Max(0, to * to * ((from * from) - (to * to)) / (from * from))));
        return (Math.Sqrt(Math.Max(0, (to * to) - (up * up))), up);
    }
}
