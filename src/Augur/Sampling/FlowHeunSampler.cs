using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>Heun's second-order steps along a rectified flow (Karras et al., 2022, algorithm 1; as diffusers' FlowMatchHeunDiscreteScheduler without churn).</summary>
/// <remarks>
/// Two network calls a step: one where the step begins, one where an Euler step would end; the slope is their mean. The last step ends at
/// σ = 0, where the network has nothing to say, and is an Euler step with one call: 2·steps − 1 calls in all. Model time is σ·1000.
/// </remarks>
public sealed class FlowHeunSampler : ISampler
{
    internal static readonly SettingList<FlowOptions> Settings = new("Sampler", "heun");

    /// <summary>A sampler with these settings, or the defaults.</summary>
    /// <exception cref="ArgumentException">Settings that exclude each other.</exception>
    public FlowHeunSampler(FlowOptions? options = null)
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

    private sealed class Run(Tensor noise, double[] sigmas) : SamplerRun(noise, sigmas.Length - 1, (2 * (sigmas.Length - 1)) - 1)
    {
        // Latent and slope at the beginning of the step, kept between its two calls.
        private (Tensor Latent, Tensor Slope)? _begun;

        public override void Dispose()
        {
            base.Dispose();
            Release();
        }

        protected override int StepOf(int callIndex) => callIndex / 2;

        public override double NoiseToSignal => FlowOptions.NoiseToSignal(Sigma);

        protected override float TimestepOf(int callIndex) => (float)(SigmaOf(callIndex) * FlowOptions.TrainedStepCount);

        protected override double SigmaOf(int callIndex) => sigmas[(callIndex + 1) / 2];

        protected override (Tensor Latent, Tensor Estimate) Take(Tensor output, Tensor? variance, INoiseSource noise)
        {
            var estimate = Sum((1, Latent), (-Sigma, output));
            var length = sigmas[StepIndex + 1] - sigmas[StepIndex];
            if (_begun is { } begun)
            {
                var latent = Sum((1, begun.Latent), (length / 2, begun.Slope), (length / 2, output));
                Release();
                return (latent, estimate);
            }

            if (StepIndex < StepCount - 1)
            {
                _begun = (Latent.Copy().Retain(), output.Copy().Retain());
            }

            return (Sum((1, Latent), (length, output)), estimate);
        }

        private void Release()
        {
            _begun?.Latent.Dispose();
            _begun?.Slope.Dispose();
            _begun = null;
        }
    }
}
