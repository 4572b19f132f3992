using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>What samplers of a rectified flow share: noise levels σ from 1 down to 0, model time σ·1000, no fresh noise.</summary>
public abstract class FlowSampler : ISkippingSampler
{
    private readonly SettingList<FlowOptions> _settings;

    private protected FlowSampler(SettingList<FlowOptions> settings, FlowOptions? options)
    {
        _settings = settings;
        Options = options ?? new();
        Options.Validate();
    }

    /// <summary>The settings.</summary>
    public FlowOptions Options { get; }

    /// <inheritdoc/>
    public string Name => _settings.Format(Options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => prediction == Prediction.Flow;

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        if (Options.SkippedSteps >= steps)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), $"Of {steps} steps {Options.SkippedSteps} are to be skipped, which leaves none.");
        }

        var sigmas = Options.Sigmas(noise.Shape, steps)[Options.SkippedSteps..];
        var taken = sigmas.Length - 1;
        return new SamplerRun(noise, taken, CallsFor(taken), (x, answer) => Walk(x, answer, sigmas));
    }

    /// <inheritdoc/>
    ISampler ISkippingSampler.Skipping(int steps) => Made(Options with { SkippedSteps = steps });

    /// <summary>The same sampler with other settings.</summary>
    private protected abstract ISampler Made(FlowOptions options);

    /// <summary>Network calls of so many steps.</summary>
    private protected virtual int CallsFor(int steps) => steps;

    /// <summary>The loop.</summary>
    /// <param name="x">The noise.</param>
    /// <param name="answer">What the network said, behind each question.</param>
    /// <param name="sigmas">One more than steps; the last is 0.</param>
    private protected abstract IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, double[] sigmas);
}
