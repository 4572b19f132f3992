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

    private sealed class Run(ISamplerRun run, int callIndex, Action act) : ForwardedRun(run)
    {
        public override void Advance(Tensor output, Tensor? variance, INoiseSource noise)
        {
            if (CallIndex == callIndex)
            {
                act();
            }

            base.Advance(output, variance, noise);
        }
    }
}
