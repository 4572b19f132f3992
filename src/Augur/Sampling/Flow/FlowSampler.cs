using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>What samplers of a rectified flow share: noise levels σ from 1 down to 0, model time σ·1000, no fresh noise.</summary>
public abstract class FlowSampler : ISampler
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
        var sigmas = Options.Sigmas(noise.Shape, steps);
        return new SamplerRun(noise, steps, CallsFor(steps), (x, answer) => Walk(x, answer, sigmas));
    }

    /// <summary>Network calls of so many steps.</summary>
    private protected virtual int CallsFor(int steps) => steps;

    /// <summary>The loop.</summary>
    /// <param name="x">The noise.</param>
    /// <param name="answer">What the network said, behind each question.</param>
    /// <param name="sigmas">One more than steps; the last is 0.</param>
    private protected abstract IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, double[] sigmas);
}
