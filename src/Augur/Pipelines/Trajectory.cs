using Augur.Caching;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>
/// One sample on its way from noise to image: its latent and sampler state, its condition and guidance rows, its noise, its outcomes.
/// Created with the request, disposed with it.
/// </summary>
internal sealed class Trajectory(int label, Guidance guidance, ISamplerRun run, INoiseSource noise, AuditReport? audit = null) : IDisposable
{
    private readonly List<CallOutcome> _outcomes = [];
    private int _reported;

    public Guidance Guidance => guidance;

    public ISamplerRun Run => run;

    /// <summary>What each network call so far turned out to be.</summary>
    public IReadOnlyList<CallOutcome> Outcomes => _outcomes;

    /// <summary>What the calls so far have cost.</summary>
    public RunCost Cost { get; set; } = new();

    /// <summary>What the audit has found so far; null unless the request asked for one.</summary>
    public AuditReport? Audit { get; set; } = audit;

    /// <summary>What the network sees of it in the current call; valid until it advances.</summary>
    public NetworkInput Input => new(run.Latent, run.Timestep, label, RowCount);

    /// <summary>Rows of the network's batch that one call takes: the conditional one, and where guidance needs it the unconditional one behind it.</summary>
    public int RowCount => guidance.NeedsUnconditional ? 2 : 1;

    /// <summary>Takes the network's answer for its rows.</summary>
    /// <param name="output">[rows, channels (twice, with a learned variance), height, width].</param>
    /// <param name="latentChannels">Channels of the latent.</param>
    /// <param name="outcome">What the call turned out to be.</param>
    public void Advance(Tensor output, int latentChannels, CallOutcome outcome)
    {
        var variance = output.Shape[1] > latentChannels ? Channels(output.Rows(0, 1), latentChannels, latentChannels) : null;
        run.Advance(PredictionOf(output, latentChannels), variance, noise);
        _outcomes.Add(outcome);
    }

    /// <summary>What the sampler is told of an answer: the guided prediction, [1, latent channels, height, width].</summary>
    /// <param name="output">[rows, channels (twice, with a learned variance), height, width].</param>
    /// <param name="latentChannels">Channels of the latent.</param>
    public Tensor PredictionOf(Tensor output, int latentChannels)
    {
        var conditional = Channels(output.Rows(0, 1), 0, latentChannels);
        return RowCount == 1 ? conditional : guidance.Apply(conditional, Channels(output.Rows(1, 1), 0, latentChannels));
    }

    /// <summary>What the calls since the last asking turned out to be.</summary>
    public IReadOnlyList<CallOutcome> TakeStepOutcomes()
    {
        var since = _outcomes[_reported..];
        _reported = _outcomes.Count;
        return since;
    }

    public void Dispose() => run.Dispose();

    private static Tensor Channels(Tensor x, int start, int count)
    {
        var pixels = (int)x.Shape.Product(2, x.Shape.Rank);
        return x.Reshape([1, x.Shape[1] * pixels]).Columns(start * pixels, count * pixels).Reshape(x.Shape.With(1, count));
    }
}
