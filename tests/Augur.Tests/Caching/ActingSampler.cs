using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Tests.Caching;

/// <summary>A sampler that does something, on the computing thread, before it takes the answer of one call.</summary>
internal sealed class ActingSampler(ISampler whole, int callIndex, Action act) : ISampler
{
    public string Name => whole.Name;

    public bool AddsNoise => whole.AddsNoise;

    public bool Accepts(Prediction prediction) => whole.Accepts(prediction);

    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction) => new Run(whole.Begin(noise, steps, prediction), callIndex, act);

    private sealed class Run(ISamplerRun run, int callIndex, Action act) : ISamplerRun
    {
        public int CallCount => run.CallCount;

        public int CallIndex => run.CallIndex;

        public int StepIndex => run.StepIndex;

        public int StepCount => run.StepCount;

        public bool IsFinished => run.IsFinished;

        public float Timestep => run.Timestep;

        public double Sigma => run.Sigma;

        public double NoiseToSignal => run.NoiseToSignal;

        public Tensor Latent => run.Latent;

        public Tensor? Estimate => run.Estimate;

        public void Advance(Tensor output, Tensor? variance, INoiseSource noise)
        {
            if (run.CallIndex == callIndex)
            {
                act();
            }

            run.Advance(output, variance, noise);
        }

        public void Dispose() => run.Dispose();
    }
}
