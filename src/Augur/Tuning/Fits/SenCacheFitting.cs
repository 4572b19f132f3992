using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>
/// Measures on uncached runs how a network's output answers to a change of its latent alone and of its time alone, by finite differences over one
/// sampler step, as the released calibration of SenCache does: two calls more for each call of a run.
/// </summary>
public sealed class SenCacheFitting : IRunMeasurement<SenCacheFit>
{
    private readonly DiffusionModel _model;
    private readonly IReadOnlyList<GenerationRequest> _requests;
    private readonly int _calls;

    /// <summary>Prepares the measurement.</summary>
    /// <param name="model">The model that generates the pictures.</param>
    /// <param name="requests">At least one; they may differ in condition, seed and noise only. Their caching methods are ignored.</param>
    /// <exception cref="ArgumentException">There is no request, the model cannot serve one, or a run has a single call.</exception>
    public SenCacheFitting(DiffusionModel model, IReadOnlyList<GenerationRequest> requests)
    {
        (_model, _requests) = (model.NotNull(), requests.NotNull());
        if (requests.Count == 0)
        {
            throw new ArgumentException("A calibration needs at least one picture.");
        }

        var check = new RequestCheck(model);
        requests.ToList().ForEach(check.RequireForFit);
        int[] calls = [.. requests.Select(request => ChangeRecorder.CallCountOf(model, request)).Distinct()];
        _calls = calls.Length == 1 ? calls[0]
            : throw new ArgumentException($"Runs of a calibration have equally many network calls, not {calls[0]} and {calls[1]}.");
        if (_calls < 2)
        {
            throw new ArgumentException($"A run of {_calls} network call has no change from call to call; take at least 2.");
        }

        using var group = new RunStart(model).Begin([requests[0] with { Cache = NoCachePolicy.Instance, CacheBudget = null, AuditShare = 0 }], null);
        group.Trajectories[0].Map.RequireChain("Policy sencache").RequireSignal("Policy sencache", Site.Output, Signal.NetworkInput);
    }

    /// <inheritdoc/>
    public int CallCount => _calls;

    /// <inheritdoc/>
    public long TotalCalls => (long)_requests.Count * ((3 * _calls) - 2);

    /// <inheritdoc/>
    public SenCacheFit Run(Action<int> onCalls, CancellationToken cancellationToken) =>
        SenCacheFit.Of([.. _requests.Select(request => Measure(request, onCalls.NotNull(), cancellationToken))]);

    private List<CallSensitivity> Measure(GenerationRequest request, Action<int> onCalls, CancellationToken cancellationToken)
    {
        using var group = new RunStart(_model).Begin([request with { Cache = NoCachePolicy.Instance, CacheBudget = null, AuditShare = 0 }], null);
        var sample = group.Trajectories[0];
        var calls = new List<CallSensitivity>();
        while (!sample.Run.IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = TensorScope.Begin();
            var here = sample.Input with { Latent = sample.Input.Latent.Copy() }; // the sampler's own is gone behind its step
            var answer = Run(sample, [here]);
            sample.Advance(answer, new CallOutcome(CallKind.Computed));
            onCalls(1);
            if (!sample.Run.IsFinished)
            {
                calls.Add(Between(sample, here, answer));
                onCalls(2);
            }
        }

        return calls;
    }

    // The network at the next latent and this time, and at this latent and the next time.
    private CallSensitivity Between(Trajectory sample, SampleInput here, Tensor answer)
    {
        var next = sample.Input;
        var both = Run(sample, [here with { Latent = next.Latent }, here with { Timestep = next.Timestep }]);
        var rows = answer.Shape[0];
        var channels = here.Latent.Shape[1];
        var output = Values(answer, channels);
        if (Array.Exists(output, value => !float.IsFinite(value)))
        {
            throw new ArgumentException($"The network's answer at time {here.Timestep} is not finite; nothing can be learned from it.");
        }

        return new(
            here.Timestep,
            Distance(Values(both.Rows(0, rows), channels), output) / Distance(next.Latent.ToArray(), here.Latent.ToArray()),
            Distance(Values(both.Rows(rows, rows), channels), output) / Math.Abs(next.Timestep - here.Timestep));
    }

    private Tensor Run(Trajectory sample, SampleInput[] inputs) =>
        NetworkPass.Run(_model, [.. inputs.Select(_ => (sample, (ISampleMemory)new UncachedMemory(note: null)))], inputs);

    // Of all rows, without a learned variance.
    private static float[] Values(Tensor answer, int channels) => answer.Slice(1, 0, channels).ToArray();

    private static double Distance(float[] a, float[] b) =>
        Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum() / a.Length);
}
