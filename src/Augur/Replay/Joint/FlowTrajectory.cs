using Augur.Caching;
using Augur.Conditioning;
using Augur.Models;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>Runs a saved flow trajectory of a network of picture and text through the engine and shows every step.</summary>
/// <param name="network">The network.</param>
/// <param name="pack">Latents as the tokens that were saved.</param>
internal sealed class FlowTrajectory(INetwork network, Func<Tensor, Tensor> pack)
{
    /// <summary>Begins one sample for each condition.</summary>
    /// <param name="sampler">The sampler.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="guidance">Of every sample.</param>
    /// <param name="conditions">One per sample.</param>
    /// <param name="start">[samples, channels, …].</param>
    public Trajectory[] Begin(FlowEulerSampler sampler, int steps, Guidance guidance, IReadOnlyList<Condition> conditions, Tensor start)
    {
        using var scope = TensorScope.Begin();
        var latent = new Shape([.. Enumerable.Range(1, start.Shape.Rank - 1).Select(axis => start.Shape[axis])]);
        return [.. conditions.Select((condition, sample) =>
        {
            var rows = network.Guide(condition, guidance);
            var encoded = network.Encode(rows.Conditions);
            var prepared = new PreparedRequest(rows, encoded, latent, network.Describe(latent, encoded), () =>
            {
                foreach (var row in encoded)
                {
                    row.Dispose();
                }
            });
            var run = sampler.Begin(start.Rows(sample, 1), steps, network.Prediction);
            return new Trajectory(prepared, run, new GivenNoise(ReadOnlyMemory<float>.Empty), network.Prediction, sampler.AddsNoise);
        })];
    }

    /// <summary>Runs all steps under a policy and releases the samples.</summary>
    /// <param name="policy">The method.</param>
    /// <param name="runs">The samples.</param>
    /// <param name="saved">The tensors; <c>x_in</c> and <c>final</c> are compared.</param>
    /// <param name="compare">Collects the differences.</param>
    /// <param name="answers">Is shown the step and the answers of each sample's rows, [rows, channels, …].</param>
    /// <returns>The outcome of each call of the first sample.</returns>
    public IReadOnlyList<CallOutcome> Run(
        ICachePolicy policy, Trajectory[] runs, FixtureFile saved, Comparison compare, Action<int, Tensor[]> answers)
    {
        var groups = ReplayGroups.Open(policy, runs, network.Backend);
        try
        {
            var engine = new Engine(network, TimeProvider.System, int.MaxValue);
            var inputs = saved.Singles("x_in");
            var (shape, scale) = (saved.Shape("x_in"), Comparison.Magnitude(inputs));
            for (var i = 0; !runs[0].Run.IsFinished; i++)
            {
                using var scope = TensorScope.Begin();
                compare.Tensor("x_in", Packed(runs), FixtureFile.Entry(inputs, shape, i), scale, i);
                var outputs = new Tensor[runs.Length];
                engine.Tick(groups, (sample, output) => outputs[Array.IndexOf(runs, sample)] = output.Copy().Escape());
                Array.ForEach(groups, g => g.ThrowIfFailed());
                answers(i, outputs);
                Array.ForEach(outputs, output => output.Dispose());
            }

            using var last = TensorScope.Begin();
            compare.Tensor("final", Packed(runs), saved.Singles("final"));
            if (saved.Has("final_unpacked"))
            {
                compare.Tensor("final_unpacked", [.. runs.SelectMany(r => r.Run.Latent.ToArray())], saved.Singles("final_unpacked"));
            }

            return [.. runs[0].Outcomes];
        }
        finally
        {
            Array.ForEach(groups, group => group.Dispose());
        }
    }

    private float[] Packed(Trajectory[] runs) => [.. runs.SelectMany(r => pack(r.Run.Latent).ToArray())];
}
