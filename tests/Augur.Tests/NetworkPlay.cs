using Augur.Caching;
using Augur.Tensors;

namespace Augur.Tests;

/// <summary>A network of classes, asked without a pipeline.</summary>
internal static class NetworkPlay
{
    /// <summary>What it is made of, for its own latents.</summary>
    public static NetworkMap Map(this INetwork network) => network.Describe(network.LatentShape, []);

    public static Tensor Predict(this INetwork network, Tensor latents, float[] timesteps, int[] labels, IFeatureDoor door) =>
        network.Predict(NetworkInput.OfClasses(network, latents, timesteps, labels), door);

    /// <summary>A door for one call of one memory.</summary>
    public static FeatureDoor Door(this INetwork network, ISampleMemory memory, int rows, out CostLedger ledger)
    {
        ledger = new CostLedger(network.Map(), [rows], TimeProvider.System);
        return new FeatureDoor([(memory, rows)], ledger, new DeferredRead());
    }

    /// <inheritdoc cref="Door(INetwork, ISampleMemory, int, out CostLedger)"/>
    public static FeatureDoor Door(this INetwork network, ISampleMemory memory, int rows) => network.Door(memory, rows, out _);
}
