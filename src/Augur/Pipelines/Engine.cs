using Augur.Caching;
using Augur.Models;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>Advances many trajectories together: at each tick their rows share one batched network call, wherever each of them stands.</summary>
internal static class Engine
{
    /// <summary>One network call for every given trajectory, and the sampler's answer to it.</summary>
    /// <param name="model">The network.</param>
    /// <param name="trajectories">Unfinished ones; they may stand at different steps.</param>
    /// <param name="cache">The door to their policy.</param>
    /// <param name="observe">Is shown each call's input [batch, …] and output [batch, …], conditional rows before unconditional ones.</param>
    public static void Tick(IDenoiser model, IReadOnlyList<Trajectory> trajectories, IFeatureCache cache, Action<Tensor, Tensor>? observe = null)
    {
        using var scope = TensorScope.Begin();
        var guided = trajectories.Where(t => t.Guidance.NeedsUnconditional).ToArray();
        CallRow[] rows = [.. trajectories.Select(t => t.Row(isConditional: true)), .. guided.Select(t => t.Row(isConditional: false))];
        int[] labels = [.. trajectories.Select(t => t.Label), .. guided.Select(_ => model.ClassCount)];

        var shape = model.LatentShape;
        var latents = Tensor.Empty(model.Backend, [rows.Length, shape[0], shape[1], shape[2]]);
        foreach (var (row, trajectory) in trajectories.Concat(guided).Index())
        {
            latents.Rows(row, 1).CopyFromInPlace(trajectory.Run.Latent);
        }

        cache.BeginCall(new NetworkCall(rows));
        var output = model.Predict(latents, [.. rows.Select(r => r.Timestep)], labels, cache);
        var outcomes = cache.EndCall();
        observe?.Invoke(latents, output);

        var unconditionalRow = trajectories.Count;
        for (var row = 0; row < trajectories.Count; row++)
        {
            var trajectory = trajectories[row];
            var unconditional = trajectory.Guidance.NeedsUnconditional ? output.Rows(unconditionalRow++, 1) : null;
            trajectory.Advance(output.Rows(row, 1), unconditional, shape[0], outcomes[row]);
        }
    }
}
