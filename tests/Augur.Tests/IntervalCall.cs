using Augur.Caching;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tests;

/// <summary>A call of one sample in a run whose guidance acts in some calls only.</summary>
/// <param name="Rows">Rows that were computed or forecast.</param>
/// <param name="Kind">What the call turned out to be.</param>
/// <param name="IsTheNetworks">Whether the answer of every row is what the network makes of its input, bit for bit.</param>
/// <param name="Latent">Behind the call.</param>
internal sealed record IntervalCall(int Rows, CallKind Kind, bool IsTheNetworks, float[] Latent)
{
    /// <summary>The calls of requests that begin together and share a memory, those of each sample one after the other.</summary>
    public static IReadOnlyList<IReadOnlyList<IntervalCall>> Of(DiffusionModel model, params IReadOnlyList<GenerationRequest> requests)
    {
        using var group = new RunStart(model).Begin(requests, null);
        var engine = new Engine(model.Denoiser, TimeProvider.System);
        List<IntervalCall>[] calls = [.. requests.Select(_ => new List<IntervalCall>())];
        while (!group.IsFinished)
        {
            float[][] full = [.. group.Trajectories.Select(t => Full(model, t))];
            engine.Tick([group], (trajectory, output) =>
            {
                var sample = group.Trajectories.Index().Single(t => t.Item == trajectory).Index;
                var isFull = output.ToArray().AsSpan().SequenceEqual(full[sample]);
                calls[sample].Add(new(output.Shape[0], trajectory.Outcomes[^1].Kind, isFull, trajectory.Run.Latent.ToArray()));
            });
            group.ThrowIfFailed();
        }

        return calls;
    }

    private static float[] Full(DiffusionModel model, Trajectory trajectory)
    {
        using var scope = TensorScope.Begin();
        return SampleInput.Predict(model.Denoiser, trajectory.Map, [trajectory.Input], [], ComputeEverything.Instance).ToArray();
    }
}
