using Augur.Tensors;

namespace Augur.Caching;

/// <summary>Computes the feature at a site.</summary>
/// <param name="input">The residual stream that the site reads: the selected rows with all their tokens, [rows, tokens, channels].</param>
/// <param name="selection">Which rows those are, so that the branch can narrow what it closes over, and for which tokens the feature is wanted.</param>
/// <returns>[rows, tokens or k, channels].</returns>
public delegate Tensor ComputeFeature(Tensor input, Selection selection);

/// <summary>Cheap quantities that a network can measure on the way, for policies that steer by them.</summary>
public enum Signal
{
    /// <summary>What the first block's attention branch would read: normalised, modulated stream, [batch, tokens, channels].</summary>
    ModulatedInput,
}

/// <summary>The only door between a network and a caching method: the network asks it for every feature, and never learns how it answers.</summary>
public interface IFeatureCache
{
    /// <summary>Offers a quantity that some policies steer by. Evaluated only if a policy asks.</summary>
    void Offer(Signal signal, Func<Tensor> value);

    /// <summary>The feature at a site: computed now for all, some or none of the rows and tokens, the rest from what earlier calls taught.</summary>
    /// <param name="site">Where in the network.</param>
    /// <param name="input">What the feature is computed from: the residual stream [batch, tokens, channels].</param>
    /// <param name="compute">Computes the feature; may be called not at all, once, or again to verify.</param>
    Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute);
}

/// <summary>Computes everything and remembers nothing: a network without a caching method.</summary>
public sealed class ComputeEverything : IFeatureCache
{
    /// <summary>The only one there need be.</summary>
    public static ComputeEverything Instance { get; } = new();

    /// <inheritdoc/>
    public void Offer(Signal signal, Func<Tensor> value)
    {
    }

    /// <inheritdoc/>
    public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute) => compute(input, Selection.Everything);
}
