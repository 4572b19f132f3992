using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// One sample under a fit: keeps the noise and every computed output in the fit's directions, drafts by the rule, and adds the fitted combination and
/// what a head reads in the last stream, the same for all guidance rows and for all drafts up to the next computed call.
/// </summary>
internal sealed class FittedMemory : ISampleMemory
{
    private readonly ForecastFit _fit;
    private readonly ForecastPlan _plan;
    private readonly IFeatureMemory _rule;
    private readonly bool[] _isComputed;
    private readonly List<Tensor> _features = []; // [1, tokens, K] each
    private readonly LastStream? _stream;
    private PackedLinear? _project;
    private PackedLinear? _back;
    private Tensor? _read; // [1, tokens, K]: what the head makes of the last stream
    private Tensor? _correction; // [rows, tokens, outputs]
    private NetworkCall _call;
    private bool _isDraft;
    private int _computed;

    private FittedMemory(ForecastFit fit, ForecastPlan plan, IForecaster draft, LastStream? stream)
    {
        (_fit, _plan, _rule, _stream) = (fit, plan, draft.Remember(draft.TermCount, DType.Float32), stream);
        _isComputed = new bool[fit.Calls];
        Array.ForEach(plan.Computed, call => _isComputed[call] = true);
    }

    public long ByteCount => _features.Sum(f => f.ByteCount) + _rule.ByteCount + (_correction?.ByteCount ?? 0) + (_read?.ByteCount ?? 0);

    /// <summary>Opens a fit for a run; with a budget that it does not fit into, every call is computed.</summary>
    /// <exception cref="ArgumentException">The fit is for other runs.</exception>
    public static ISampleMemory Open(ForecastFit fit, ForecastPlan plan, IForecaster draft, RunInfo run)
    {
        fit.Require(run);
        draft.RequireRun(run);
        var features = (ForecastPlan.FeatureCount(plan.Computed.Length, fit.Rows) + 1L) * run.Map.Output[0] * fit.Columns.Length;
        var bytes = sizeof(float) * (features + ((draft.TermCount + 1L) * fit.Rows * run.Map.Output.ElementCount));
        return run.MemoryBudget < bytes
            ? new UncachedMemory($"a budget of {run.MemoryBudget} bytes left room for nothing: the fit keeps {bytes}, so every call was computed")
            : new FittedMemory(fit, plan, draft, fit.Width == 0 ? null : LastStream.Of(run.Map));
    }

    public CallPlan Begin(NetworkCall call)
    {
        _call = call;
        _isDraft = !call.MustCompute && !_isComputed[call.CallIndex];
        return _isDraft ? CallPlan.Draft : CallPlan.Compute;
    }

    public Answer Ask(Question question)
    {
        if (question.Site == _stream?.Site && _plan.Heads[_computed].Length > 0)
        {
            return Answer.Compute.Observed((_, stream) => Read(stream));
        }

        if (question.Site != Site.Output)
        {
            return Answer.Compute;
        }

        if (_features.Count == 0)
        {
            Keep(question.Measure(Signal.NetworkInput).Rows(0, 1));
            _features.Add(Tensor.From(question.Input.Backend, _fit.Mean, [1, _fit.Tokens, _fit.Columns.Length]).Retain());
        }

        if (_isDraft)
        {
            return Answer.Supply(Forecast());
        }

        return Answer.Compute.Observed((_, output) => Observe(output));
    }

    public CallOutcome End() => new(_isDraft ? CallKind.Drafted : CallKind.Computed);

    public void Dispose()
    {
        _features.ForEach(f => f.Dispose());
        _correction?.Dispose();
        _read?.Dispose();
        _project?.Dispose();
        _back?.Dispose();
        _rule.Dispose();
    }

    private void Observe(Tensor output)
    {
        _correction?.Dispose();
        _correction = null;
        _rule.Observe(output, _call.CallIndex, forgets: false);
        for (var row = 0; row < _fit.Rows; row++)
        {
            Keep(output.Rows(row, 1));
        }

        _computed++;
    }

    private void Keep(Tensor output)
    {
        using var scope = TensorScope.Begin();
        _project ??= Pack(output.Backend, transposed: false);
        _features.Add(output.Copy().Linear(_project).Retain());
    }

    // Σ over guidance rows of head · stream.
    private void Read(Tensor stream)
    {
        using var scope = TensorScope.Begin();
        var (rows, head) = (_stream!.Read(stream), _plan.Heads[_computed]);
        var (count, read) = (head.Length, Tensor.Zeros(stream.Backend, [1, _fit.Tokens, head.Length]));
        for (var row = 0; row < _fit.Rows; row++)
        {
            var part = new float[count * _fit.Width];
            for (var k = 0; k < count; k++)
            {
                head[k].AsSpan(row * _fit.Width, _fit.Width).CopyTo(part.AsSpan(k * _fit.Width));
            }

            using var packed = stream.Backend.Pack(Tensor.From(stream.Backend, part, [count, _fit.Width]), null);
            read = read + rows.Rows(row, 1).Linear(packed);
        }

        _read?.Dispose();
        _read = read.Retain();
    }

    private Forecast Forecast()
    {
        if (_computed == 0)
        {
            _correction ??= Correct(_plan.Opening, null);
            return new Forecast((Tensor[])[_correction], (float[])[1]);
        }

        var rule = _rule.Forecast(_call.CallIndex);
        var weights = _plan.Weights[_computed - 1];
        if (weights.Length == 0)
        {
            return rule;
        }

        _correction ??= Correct(weights, _plan.Heads[_computed - 1].Length == 0 ? null
            : _read ?? throw new InvalidOperationException($"The network did not ask at {_stream!.Site}, which the fit {_fit.Name} reads."));
        return new Forecast((Tensor[])[.. rule.Terms.Span, _correction], (float[])[.. rule.Coefficients.Span, 1]);
    }

    private Tensor Correct(float[][] weights, Tensor? read)
    {
        using var scope = TensorScope.Begin();
        var backend = _features[0].Backend;
        var sum = read?.Copy() ?? Tensor.Zeros(backend, _features[0].Shape);
        for (var i = 0; i < weights.Length; i++)
        {
            sum.AddGatedCombinationInPlace(sum, Tensor.From(backend, weights[i], [1, weights[i].Length]), [_features[i]], [1]);
        }

        var one = sum.Linear(_back ??= Pack(backend, transposed: true)); // [1, tokens, outputs]
        var all = Tensor.Empty(backend, one.Shape.With(0, _fit.Rows));
        for (var row = 0; row < _fit.Rows; row++)
        {
            all.Rows(row, 1).CopyFromInPlace(one);
        }

        return all.Retain();
    }

    // From a token's outputs to the directions, [K, outputs], or back, [outputs, K]; outputs that are no latent's have no part in it.
    private PackedLinear Pack(IBackend backend, bool transposed)
    {
        var count = _fit.Columns.Length;
        var matrix = new float[count * _fit.Outputs];
        for (var k = 0; k < count; k++)
        {
            for (var i = 0; i < count; i++)
            {
                var output = _fit.Columns[i];
                matrix[transposed ? (output * count) + k : (k * _fit.Outputs) + output] = _fit.Basis[k][i];
            }
        }

        return backend.Pack(Tensor.From(backend, matrix, transposed ? [_fit.Outputs, count] : [count, _fit.Outputs]), null);
    }
}
