using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>Euler steps along a rectified flow (Liu et al., 2022; as diffusers' FlowMatchEulerDiscreteScheduler and FLUX's own code).</summary>
/// <remarks>Model time is σ·1000. Deterministic: no noise is drawn.</remarks>
public sealed class FlowEulerSampler : ISampler
{
    internal static readonly SettingList<FlowOptions> Settings = new("Sampler", "euler");

    /// <summary>A sampler with these settings, or the defaults.</summary>
    /// <exception cref="ArgumentException">Settings that exclude each other.</exception>
    public FlowEulerSampler(FlowOptions? options = null)
    {
        Options = options ?? new();
        Options.Validate();
    }

    /// <summary>The settings.</summary>
    public FlowOptions Options { get; }

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => prediction == Prediction.Flow;

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise, steps, prediction);
        return new Run(noise, Options.Sigmas(noise.Shape, steps));
    }

    private sealed class Run(Tensor noise, double[] sigmas) : SamplerRun(noise, sigmas.Length - 1, sigmas.Length - 1)
    {
        public override double NoiseToSignal => FlowOptions.NoiseToSignal(Sigma);

        protected override float TimestepOf(int callIndex) => (float)(sigmas[callIndex] * FlowOptions.TrainedStepCount);

        protected override double SigmaOf(int callIndex) => sigmas[callIndex];

        protected override (Tensor Latent, Tensor Estimate) Take(Tensor output, Tensor? variance, INoiseSource noise) => (
            Sum((1, Latent), (sigmas[CallIndex + 1] - sigmas[CallIndex], output)),
            Sum((1, Latent), (-sigmas[CallIndex], output)));
    }
}
