using System.Collections.Concurrent;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>A policy that computes every call and measures how features change from call to call, for the calibration of methods.</summary>
public sealed class ChangeRecorder : ICachePolicy
{
    private readonly ConcurrentQueue<IReadOnlyList<CallChange>> _runs = new();

    /// <inheritdoc/>
    public string Name => "none";

    /// <summary>The measured calls of each finished run, one run per sample.</summary>
    public IReadOnlyList<IReadOnlyList<CallChange>> Runs => [.. _runs];

    /// <summary>Generates uncached pictures and measures the changes.</summary>
    /// <param name="model">The model that generates the pictures.</param>
    /// <param name="requests">At least one, with equal numbers of network calls; their caching methods are ignored.</param>
    /// <param name="options">Memory limits; null: none.</param>
    /// <param name="onStep">Called after each step of each sample.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <returns>The calls of each run; the order of the runs is not that of the requests.</returns>
    /// <exception cref="ArgumentException">There is no request, the model cannot serve one, or their numbers of calls differ.</exception>
    public static async Task<IReadOnlyList<IReadOnlyList<CallChange>>> MeasureAsync(
        DiffusionModel model, IReadOnlyList<GenerationRequest> requests, EngineOptions? options = null, Action? onStep = null,
            CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (requests.Count == 0)
        {
            throw new ArgumentException("A calibration needs at least one picture.");
        }

        requests.ToList().ForEach(new RequestCheck(model.NotNull()).RequireForFit);
        var recorder = new ChangeRecorder();
        var pipeline = new GenerationPipeline(model) { Options = options ?? new() };
        await pipeline.GenerateAsync([.. requests.Select(r => r with { Cache = recorder, CacheBudget = null })], _ => onStep?.Invoke(),
            cancellationToken).ConfigureAwait(false);
        var lengths = recorder.Runs.Select(r => r.Count).Distinct().ToArray();
        return lengths.Length == 1 ? recorder.Runs
            : throw new ArgumentException($"A calibration needs runs of one length; these have {string.Join(" and ", lengths)} network calls.");
    }

    /// <summary>Number of network calls of a request; some samplers make more than one per step.</summary>
    /// <exception cref="ArgumentException">The model cannot serve the request.</exception>
    public static int CallCountOf(DiffusionModel model, GenerationRequest request)
    {
        new RequestCheck(model.NotNull()).Require(request);
        using var group = new RunStart(model).Begin([request], null);
        return group.Trajectories[0].Run.CallCount;
    }

    /// <inheritdoc/>
    public ISampleMemory Open(RunInfo run)
    {
        run.NotNull().Map.RequireSignal("A calibration", run.Map.RequireChain("A calibration").Blocks, Signal.ModulatedInput);
        return new Recording(run, _runs.Enqueue);
    }

    private sealed class Recording(RunInfo run, Action<IReadOnlyList<CallChange>> finished) : ISampleMemory
    {
        private readonly Site _blocks = run.Map.Blocks;
        private readonly KeptTensor _input = new();
        private readonly KeptTensor _output = new();
        private readonly List<CallChange> _calls = [];
        private double[] _norms = [];
        private CallChange _change;

        public long ByteCount => _input.ByteCount + _output.ByteCount;

        public CallPlan Begin(NetworkCall call)
        {
            _change = new CallChange(0, 0, 1);
            return CallPlan.Compute;
        }

        public Answer Ask(Question question)
        {
            if (question.Site == Site.Output)
            {
                return Answer.Compute.Observed((_, output) => ObserveOutput(output));
            }

            if (question.Site != _blocks)
            {
                return Answer.Compute;
            }

            var input = question.Measure(Signal.ModulatedInput);
            _change = _change with { Input = _input.RatioTo(input) };
            _input.Keep(input);
            return Answer.Compute.Observed((before, after) => ObserveBlocks(after - before));
        }

        private void ObserveOutput(Tensor output)
        {
            _change = _change with { Output = _output.RatioTo(output) };
            _output.Keep(output);
        }

        private void ObserveBlocks(Tensor change)
        {
            var tokens = change.Reshape([change.Shape[0] * change.Shape[1], change.Shape[2]]);
            // up to a factor √channels, which cancels in the ratio
            var norms = Tensor.Zeros(tokens.Backend, tokens.Shape).ErrorsFrom(tokens, ErrorMeasure.L2);
            _change = _change with { Magnitude = _norms.Length == 0 ? 1 : norms.Zip(_norms, (now, before) => now / before).Average() };
            _norms = norms;
        }

        public CallOutcome End()
        {
            _calls.Add(_change);
            return new CallOutcome(CallKind.Computed);
        }

        public void Dispose()
        {
            if (_calls.Count == run.CallCount)
            {
                finished(_calls);
            }

            _input.Dispose();
            _output.Dispose();
        }
    }
}
