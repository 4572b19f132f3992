using Augur.Caching;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>One calibration picture: the latents of its uncached run, and the run under the fit as far as it has come.</summary>
/// <param name="start">Begins runs.</param>
/// <param name="request">The picture.</param>
internal sealed class ForecastTrack(RunStart start, GenerationRequest request) : IDisposable
{
    private DecisionGroup? _group;

    /// <summary>Latents of the uncached run: those of its calls, and the result.</summary>
    public List<float[]> Uncached { get; } = [];

    /// <summary>Guided outputs of the run under the fit.</summary>
    public List<float[]> Outputs { get; } = [];

    /// <summary>Rows of the uncached run's answers, [rows][channels …] of each call; kept only where a schedule is planned from them.</summary>
    public List<float[][]> Answers { get; } = [];

    /// <summary>Noise over signal in the latents of the uncached run's calls.</summary>
    public List<double> Noisiness { get; } = [];

    /// <summary>The sample as far as it has come.</summary>
    public Trajectory Sample => _group!.Trajectories[0];

    /// <summary>What the fit remembers of it.</summary>
    public ISampleMemory Memory { get; private set; } = null!;

    /// <summary>Begins anew, at pure noise.</summary>
    public void Begin(Func<RunInfo, ISampleMemory> open)
    {
        Dispose();
        Outputs.Clear();
        _group = start.Begin([request with { Cache = NoCachePolicy.Instance, AuditShare = 0 }], null);
        Memory = open(new RunInfo
        {
            Map = Sample.Map,
            CallCount = Sample.Run.CallCount,
            RowCount = Sample.RowCount,
            RowsPerSample = Sample.RowCount,
            AddsNoise = Sample.AddsNoise,
            Path = Sample.Path,
            Sampler = Sample.Sampler,
            Guidance = Sample.Guidance,
            Seed = request.Seed,
        });
    }

    /// <summary>Takes the network's answer.</summary>
    public void Advance(Tensor answer)
    {
        Memory.End();
        Outputs.Add(Sample.PredictionOf(answer).ToArray());
        Sample.Advance(answer, new CallOutcome(CallKind.Computed));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Memory?.Dispose();
        _group?.Dispose();
        (_group, Memory) = (null, null!);
    }
}
