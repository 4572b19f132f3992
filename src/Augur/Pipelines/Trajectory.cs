using Augur.Caching;
using Augur.Conditioning;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>
/// One sample on its way from noise to its result: its latent and sampler state, its guidance rows and their conditions, its noise, its outcomes.
/// Created with the request, disposed with it.
/// </summary>
/// <param name="prepared">Rows, conditions and the network's map; disposed with this.</param>
/// <param name="run">The sampler's state; disposed with this.</param>
/// <param name="noise">The sample's own stream.</param>
/// <param name="prediction">What the network's output means.</param>
/// <param name="addsNoise">Whether the sampler adds fresh noise on the way.</param>
/// <param name="audit">Null unless the request asked for one.</param>
internal sealed class Trajectory(
    PreparedRequest prepared, ISamplerRun run, INoiseSource noise, Prediction prediction, bool addsNoise, AuditReport? audit = null) : IDisposable
{
    private readonly List<CallOutcome> _outcomes = [];
    private readonly List<int> _steps = []; // of each call so far
    private readonly LatentNorms? _norms = prediction == Prediction.Tokens ? null : new(run.CallCount); // a text's latent is numbers of tokens
    private int _reported;

    public NetworkMap Map => prepared.Map;

    public ISamplerRun Run => run;

    public bool AddsNoise => addsNoise;

    /// <summary>Whether it becomes a text; otherwise a picture, or frames.</summary>
    public bool IsText => prediction == Prediction.Tokens;

    /// <summary>How the network's answers lead the latent.</summary>
    public LatentPath Path => !run.FollowsAnswers ? LatentPath.Unknown : prediction switch
    {
        Prediction.Flow => LatentPath.Flow,
        Prediction.Epsilon => LatentPath.Noise,
        _ => LatentPath.Other,
    };

    /// <summary>The sampler, as the command line writes it; null: unknown.</summary>
    public string? Sampler { get; init; }

    /// <summary>Scale of guidance; null: unknown.</summary>
    public double? Guidance { get; init; }

    /// <summary>The part of the picture that is to change; null: all of it.</summary>
    public EditRegion? Region { get; init; }

    /// <summary>What each network call so far turned out to be.</summary>
    public IReadOnlyList<CallOutcome> Outcomes => _outcomes;

    /// <summary>What the calls so far have cost.</summary>
    public RunCost Cost { get; set; } = new();

    /// <summary>What the audit has found so far; null unless the request asked for one.</summary>
    public AuditReport? Audit { get; set; } = audit;

    /// <summary>What the network sees of it in the current call; valid until it advances.</summary>
    /// <exception cref="InvalidOperationException">The sampler's latent has another shape.</exception>
    /// <exception cref="ObjectDisposedException">The sampler's latent was released.</exception>
    public SampleInput Input => new SampleInput(
        run.Latent, run.Timestep, RowCount == prepared.Conditions.Count ? prepared.Conditions : [.. prepared.Conditions.Take(RowCount)],
        prepared.Rows.Embedded).Validated(prepared.Latent);

    /// <summary>Guidance rows: rows of the network's batch that the call takes which is due.</summary>
    public int RowCount => Rows.Count;

    /// <summary>Rows that the calls of the run take, all together.</summary>
    public long RowsOfAllCalls => Enumerable.Range(0, run.CallCount).Sum(call => (long)RowsOf(call));

    /// <summary>Calls that compute all guidance rows; null: no interval says that some do not.</summary>
    public int? GuidedCalls => prepared.Rows.Interval is null ? null
        : Enumerable.Range(0, run.CallCount).Count(call => RowsOf(call) == prepared.Rows.Count);

    /// <summary>Rows that some later call takes where it is not as many as the first one; null: all take as many.</summary>
    public int? OtherRowCount =>
        Enumerable.Range(0, prepared.Rows.Interval is null ? 0 : run.CallCount).Select(RowsOf).Distinct().Skip(1).Cast<int?>().FirstOrDefault();

    private GuidedRows Rows => prepared.Rows.InCall(run.CallIndex, run.CallCount);

    /// <summary>A call begins with what the network is to see, which is noted for <see cref="NotFiniteSince"/>.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="Input"/>.</exception>
    public SampleInput Begin()
    {
        var input = Input;
        _norms?.Note(_outcomes.Count, input.Latent);
        return input;
    }

    /// <summary>The call that is due, as policies see it.</summary>
    public NetworkCall Call(bool mustCompute) =>
        new(run.CallIndex, run.CallCount, run.Timestep, mustCompute, run.NoiseToSignal, ImageAt(run.NoiseToSignal))
        {
            Focus = run.Focus,
            StepIndex = run.StepIndex,
        };

    /// <summary>Takes the network's answer for its rows.</summary>
    /// <param name="output">[rows, channels (twice, with a learned variance), …].</param>
    /// <param name="outcome">What the call turned out to be.</param>
    public void Advance(Tensor output, CallOutcome outcome)
    {
        var channels = prepared.Latent[0];
        var variance = output.Shape[1] > channels ? Channels(output.Rows(0, 1), channels, channels) : null;
        _steps.Add(run.StepIndex);
        run.Advance(PredictionOf(output), variance, noise);
        _outcomes.Add(outcome);
    }

    /// <summary>
    /// Of a run whose result is not finite, the call since which it was not and the step that the call was made for; −1: since before the first.
    /// A read.
    /// </summary>
    public (int Call, int Step) NotFiniteSince()
    {
        var call = (_norms?.FirstNotFinite() ?? _steps.Count) - 1;
        return (call, call < 0 ? 0 : _steps[call]);
    }

    /// <summary>What the sampler is told of an answer: the guided prediction, [1, channels, …].</summary>
    /// <param name="output">[rows, channels (twice, with a learned variance), …].</param>
    public Tensor PredictionOf(Tensor output) => PredictionOf(output, run.StepIndex);

    /// <summary>The same for an answer to a call of another step.</summary>
    public Tensor PredictionOf(Tensor output, int step) =>
        Rows.At(step, run.StepCount)
            .Combine([.. Enumerable.Range(0, RowCount).Select(row => Channels(output.Rows(row, 1), 0, prepared.Latent[0]))]);

    /// <summary>What the calls since the last asking turned out to be.</summary>
    public IReadOnlyList<CallOutcome> TakeStepOutcomes()
    {
        var since = _outcomes[_reported..];
        _reported = _outcomes.Count;
        return since;
    }

    public void Dispose()
    {
        _norms?.Dispose();
        run.Dispose();
        prepared.Dispose();
    }

    // x = signal · image + noise · ε, with noise/signal = r; signal² + noise² = 1 for diffusion, signal + noise = 1 for flow.
    private ImageEstimate? ImageAt(double r)
    {
        var signal = 1 / Math.Sqrt(1 + (r * r));
        return prediction switch
        {
            Prediction.Epsilon => new ImageEstimate(1 / signal, -r),
            Prediction.Velocity => new ImageEstimate(signal, -(double.IsPositiveInfinity(r) ? 1 : r * signal)),
            Prediction.Flow => new ImageEstimate(1, -(double.IsPositiveInfinity(r) ? 1 : r / (1 + r))),
            Prediction.Image => new ImageEstimate(0, 1),
            _ => null,
        };
    }

    private int RowsOf(int call) => prepared.Rows.InCall(call, run.CallCount).Count;

    private static Tensor Channels(Tensor x, int start, int count)
    {
        var cells = (int)x.Shape.Product(2, x.Shape.Rank);
        return x.Reshape([1, x.Shape[1] * cells]).Columns(start * cells, count * cells).Reshape(x.Shape.With(1, count));
    }
}
