using Augur.Caching;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>One network call outside an engine, for fits that look into runs.</summary>
internal static class NetworkPass
{
    /// <summary>The network's answer for some samples of equal maps, each under its memory; one sample may stand there several times.</summary>
    /// <returns>[rows of all, channels (twice, with a learned variance), …].</returns>
    public static Tensor Run(DiffusionModel model, IReadOnlyList<(Trajectory Sample, ISampleMemory Memory)> samples) =>
        Run(model, samples, [.. samples.Select(s => s.Sample.Input)]);

    /// <summary>The same with other inputs than the samples stand at.</summary>
    public static Tensor Run(DiffusionModel model, IReadOnlyList<(Trajectory Sample, ISampleMemory Memory)> samples, SampleInput[] inputs)
    {
        var map = samples[0].Sample.Map;
        var ledger = new CostLedger(map, [.. samples.Select(s => s.Sample.RowCount)], TimeProvider.System);
        using var reads = new DeferredRead();
        var door = new FeatureDoor(samples.Select(s => (s.Memory, s.Sample.RowCount)), ledger, reads);
        return SampleInput.Predict(model.Denoiser, map, inputs, [], door);
    }
}
