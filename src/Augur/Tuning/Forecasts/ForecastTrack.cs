using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>One calibration picture: the latents of its uncached run, and what the network is asked with.</summary>
/// <param name="start">Begins runs.</param>
/// <param name="request">The picture.</param>
internal sealed class ForecastTrack(RunStart start, GenerationRequest request) : IDisposable
{
    private const int RowsInCall = 32;

    private DecisionGroup? _group;

    /// <summary>Latents of the uncached run: those of its calls, and the result.</summary>
    public List<float[]> Uncached { get; } = [];

    /// <summary>Rows of the uncached run's answers, [rows][channels …] of each call; kept only where a schedule is planned from them.</summary>
    public List<float[][]> Answers { get; } = [];

    /// <summary>Noise over signal in the latents of the uncached run's calls.</summary>
    public List<double> Noisiness { get; } = [];

    /// <summary>Model time of each of these calls, and the step that it is made for.</summary>
    public List<(float Timestep, int Step)> Times { get; } = [];

    /// <summary>The sample as far as it has come.</summary>
    public Trajectory Sample => _group!.Trajectories[0];

    /// <summary>Computes everything, and keeps the last stream of a call where one is read.</summary>
    public StreamMemory Memory { get; private set; } = null!;

    /// <summary>Begins anew, at pure noise.</summary>
    /// <param name="stream">The stream that is to be read; null: none.</param>
    public void Begin(LastStream? stream = null)
    {
        Dispose();
        _group = start.Begin([request with { Cache = NoCachePolicy.Instance, AuditShare = 0 }], null);
        Memory = new StreamMemory(stream);
    }

    /// <summary>What a network call takes; its memory is told of the call.</summary>
    public (Trajectory Sample, ISampleMemory Memory) Ask()
    {
        Memory.Begin(Sample.Call(mustCompute: true));
        return (Sample, Memory);
    }

    /// <summary>What the network would see of it in a call of a recorded run, at another latent.</summary>
    public SampleInput InputAt(int call, float[] latent) => Sample.Input with
    {
        Latent = Tensor.From(Sample.Run.Latent.Backend, latent, Sample.Run.Latent.Shape),
        Timestep = Times[call].Timestep,
    };

    /// <summary>The guided prediction of an answer to a call of a recorded run.</summary>
    public float[] PredictionAt(int call, Tensor answer) => Sample.PredictionOf(answer, Times[call].Step).ToArray();

    /// <summary>The prediction of each guidance row in an answer, without a variance.</summary>
    public float[][] RowsOf(Tensor answer)
    {
        var latent = (int)Sample.Run.Latent.Shape.ElementCount;
        return [.. Enumerable.Range(0, Sample.RowCount).Select(row => answer.Rows(row, 1).ToArray()[..latent])];
    }

    /// <summary>How many pictures share a network call.</summary>
    /// <param name="rows">Guidance rows of each.</param>
    public static int Together(int rows) => Math.Max(1, RowsInCall / rows);

    /// <summary>Takes the network's answer.</summary>
    public void Advance(Tensor answer)
    {
        Memory.End();
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
