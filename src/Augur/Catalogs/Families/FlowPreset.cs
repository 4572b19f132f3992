using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>The sampler of a rectified flow, as pipelines use it.</summary>
internal static class FlowPreset
{
    /// <summary>
    /// The scheduler's own settings with equal parts of the way before the shift: pipelines of diffusers give these to the scheduler, as the original
    /// codes have them.
    /// </summary>
    /// <param name="scheduler">Of the pipeline; null: its files do not say.</param>
    /// <param name="otherwise">Settings where they do not.</param>
    public static ISampler Of(DiffusersScheduler? scheduler, FlowOptions otherwise) => scheduler?.Sampler switch
    {
        FlowEulerSampler euler => new FlowEulerSampler(euler.Options with { Grid = FlowGrid.EqualParts }),
        FlowHeunSampler heun => heun,
        _ => new FlowEulerSampler(otherwise),
    };
}

/// <summary>Reads how many channels of a head turn with each coordinate; shapes tell their sum alone.</summary>
internal static class Axes
{
    /// <param name="config">The network's configuration; null: there is none.</param>
    /// <param name="field">Where they stand.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>Null: it does not say.</returns>
    /// <exception cref="WeightFileException">It is no such list.</exception>
    public static Shape? In(ForeignJson? config, string field, int count)
    {
        if (config?.Find(field) is not { } axes)
        {
            return null;
        }

        var items = axes.AsItems();
        return items.Count == count && items.All(axis => axis.AsInteger() is >= 0 and <= 4096) ? [.. items.Select(axis => axis.AsInteger())]
            : throw axes.Error($"is no list of {count} numbers from 0 to 4096.");
    }
}
