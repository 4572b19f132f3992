using Augur.Caching;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>
/// Runs one sample without caching and measures, at every second call and for given sets of branches, the error of the latent after the sampler's
/// step if these branches had been reused from the previous call.
/// </summary>
/// <param name="model">The model that generates the pictures.</param>
/// <param name="request">The request; its caching method is ignored.</param>
internal sealed class ReuseWalk(DiffusionModel model, GenerationRequest request)
{
    private const int ProbesInCall = 8; // enough rows for efficient products, at a bounded memory
    private const float Nudge = 0.01f;

    private readonly RunStart _start = new(model);
    private readonly List<float[]> _outputs = [];
    private readonly Dictionary<int, double> _gains = []; // by call; the uncached run is the same each time

    /// <summary>Runs the sample once and measures.</summary>
    /// <param name="setsAt">Returns the sets of branches to measure at a call; empty sets have no error and are not run.</param>
    /// <param name="take">Called at each odd call with the error of the latent for each set, [channels, height, width].</param>
    /// <param name="onCall">Called with the number of network calls (of one sample) done since the last call.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    public void Run(Func<int, IReadOnlyList<bool[]>> setsAt, Action<int, float[][]> take, Action<int> onCall, CancellationToken cancellationToken)
    {
        _outputs.Clear();
        using var group = _start.Begin([request with { Cache = NoCachePolicy.Instance }], null);
        var sample = group.Trajectories[0];
        FeatureRecorder? branches = null;
        try
        {
            while (!sample.Run.IsFinished)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = TensorScope.Begin();
                var call = sample.Run.CallIndex;
                if (call % 2 == 0)
                {
                    branches?.Dispose();
                    branches = new FeatureRecorder(site => site.IsBranch);
                    Advance(sample, Predict(sample, [branches]));
                }
                else
                {
                    using var streams = new FeatureRecorder(site => site.Kind == SiteKind.Block);
                    var exact = Predict(sample, [streams]);
                    take(call, Displacements(sample, exact, setsAt(call), branches!, streams, onCall, cancellationToken));
                    Advance(sample, exact);
                }

                onCall(1);
            }
        }
        finally
        {
            branches?.Dispose();
        }
    }

    private float[][] Displacements(
        Trajectory sample, Tensor exact, IReadOnlyList<bool[]> sets, FeatureRecorder branches, FeatureRecorder streams, Action<int> onCall,
            CancellationToken cancellationToken)
    {
        var prediction = sample.PredictionOf(exact).ToArray();
        if (!_gains.TryGetValue(sample.Run.CallIndex, out var gain))
        {
            _gains[sample.Run.CallIndex] = gain = StepGain(exact.ToArray(), exact.Shape);
        }

        var displacements = sets.Select(_ => new float[prediction.Length]).ToArray();
        foreach (var batch in Enumerable.Range(0, sets.Count).Where(i => sets[i].Contains(true)).Chunk(ProbesInCall))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = TensorScope.Begin();
            var output = Predict(sample, [.. batch.Select(i => new ReuseProbe(sets[i], branches, streams))]);
            foreach (var (i, at) in batch.Select((i, at) => (i, at)))
            {
                var moved = sample.PredictionOf(output.Rows(at * sample.RowCount, sample.RowCount)).ToArray();
                displacements[i] = [.. moved.Zip(prediction, (m, p) => (float)(gain * (m - p)))];
            }

            onCall(batch.Length);
        }

        return displacements;
    }

    // Change of the latent after this step per unit of change of the prediction, measured on a separate sampler run that repeats the answers so far.
    // Errors of different calls are comparable in the latent, which carries them to later steps.
    private double StepGain(float[] output, Shape shape)
    {
        var (near, far) = (After(1), After(1 + Nudge));
        return Product(far.Latent, near.Latent, far.Prediction, near.Prediction) / Product(far.Prediction, near.Prediction, far.Prediction,
            near.Prediction);

        (float[] Latent, float[] Prediction) After(float factor)
        {
            using var scope = TensorScope.Begin();
            using var group = _start.Begin([request with { Cache = NoCachePolicy.Instance }], null);
            var sample = group.Trajectories[0];
            foreach (var answer in _outputs)
            {
                sample.Advance(Tensor.From(model.Denoiser.Backend, answer, shape), new CallOutcome(CallKind.Computed));
            }

            var last = Tensor.From(model.Denoiser.Backend, Array.ConvertAll(output, v => factor * v), shape);
            var prediction = sample.PredictionOf(last).ToArray();
            sample.Advance(last, new CallOutcome(CallKind.Computed));
            return (sample.Run.Latent.ToArray(), prediction);
        }
    }

    private void Advance(Trajectory sample, Tensor output)
    {
        _outputs.Add(output.ToArray());
        sample.Advance(output, new CallOutcome(CallKind.Computed));
    }

    // Predicts the sample's rows once for each memory.
    private Tensor Predict(Trajectory sample, IReadOnlyList<ISampleMemory> caches) => NetworkPass.Run(model, [.. caches.Select(c => (sample, c))]);

    // ⟨a − b, c − d⟩.
    private static double Product(float[] a, float[] b, float[] c, float[] d) => a.Select((_, i) => (double)(a[i] - b[i]) * (c[i] - d[i])).Sum();
}
