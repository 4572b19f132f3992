using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Flux;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>
/// Runs a saved FLUX trajectory through the engine and compares every step: <c>x_in</c>, <c>pred</c>, <c>timesteps</c>, <c>final</c>.
/// </summary>
internal static class FluxTrajectory
{
    /// <summary>Replays a run under a policy.</summary>
    /// <param name="model">The network.</param>
    /// <param name="description">The run's description, with <c>steps</c>, <c>shift</c> and <c>guidance</c>.</param>
    /// <param name="saved">The tensors.</param>
    /// <param name="policy">The method.</param>
    /// <param name="compare">Collects the differences.</param>
    /// <returns>The outcome of each call of the first sample.</returns>
    public static IReadOnlyList<CallOutcome> Run(FluxModel model, JsonElement description, FixtureFile saved, ICachePolicy policy, Comparison compare)
    {
        compare.Used("img", "img_ids", "txt", "txt_ids", "vec");
        var options = new FlowOptions { Dynamic = description.GetProperty("shift").GetBoolean() };
        var (steps, guidance) = (description.GetProperty("steps").GetInt32(), new Guidance(description.GetProperty("guidance").GetDouble()));
        using var start = Start(model, saved);
        compare.Tensor(
            "timesteps",
            Array.ConvertAll(options.Sigmas(start.Shape, steps), s => (float)s),
            Array.ConvertAll(saved.Doubles("timesteps"), s => (float)s));
        var trajectory = new FlowTrajectory(model, FluxModel.Pack);
        var runs = trajectory.Begin(new FlowEulerSampler(options), steps, guidance, FluxFolder.Texts(saved, "txt", "vec"), start);
        var (answers, shape) = (saved.Singles("pred"), saved.Shape("pred"));
        var scale = Comparison.Magnitude(answers);
        return trajectory.Run(policy, runs, saved, compare, (step, outputs) => compare.Tensor(
            "pred", [.. outputs.SelectMany(o => FluxModel.Pack(o).ToArray())], FixtureFile.Entry(answers, shape, step), scale, step));
    }

    private static Tensor Start(FluxModel model, FixtureFile saved)
    {
        using var scope = TensorScope.Begin();
        return model.Unpack(saved.Tensor("img", model.Backend), FluxFolder.Grid(saved)).Retain();
    }
}
