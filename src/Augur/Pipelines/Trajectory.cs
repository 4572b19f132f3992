using Augur.Caching;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>
/// One sample on its way from noise to image: its latent and sampler state, its condition and guidance rows, its noise, its outcomes.
/// Created with the request, disposed with it; no state of a sample lives anywhere else.
/// </summary>
internal sealed class Trajectory(int sample, int label, Guidance guidance, ISamplerRun run, INoiseSource noise) : IDisposable
{
    private readonly List<CallOutcome> _outcomes = [];

    public int Sample => sample;

    public int Label => label;

    public Guidance Guidance => guidance;

    public ISamplerRun Run => run;

    /// <summary>What each network call so far turned out to be.</summary>
    public IReadOnlyList<CallOutcome> Outcomes => _outcomes;

    /// <summary>Rows of the network's batch that one call takes.</summary>
    public int RowCount => guidance.NeedsUnconditional ? 2 : 1;

    public CallRow Row(bool isConditional) => new(sample, isConditional, run.CallIndex, run.CallCount, run.Timestep);

    /// <summary>Takes the network's answer for its rows; unconditional is null where guidance is 1.</summary>
    public void Advance(Tensor conditional, Tensor? unconditional, int latentChannels, CallOutcome outcome)
    {
        var prediction = Channels(conditional, 0, latentChannels);
        var variance = conditional.Shape[1] > latentChannels ? Channels(conditional, latentChannels, latentChannels) : null;
        if (unconditional is not null)
        {
            prediction = guidance.Apply(prediction, Channels(unconditional, 0, latentChannels));
        }

        run.Advance(prediction, variance, noise);
        _outcomes.Add(outcome);
    }

    public void Dispose() => run.Dispose();

    private static Tensor Channels(Tensor x, int start, int count)
    {
        var pixels = (int)x.Shape.Product(2, x.Shape.Rank);
        return x.Reshape([1, x.Shape[1] * pixels]).Columns(start * pixels, count * pixels).Reshape(x.Shape.With(1, count));
    }
}
