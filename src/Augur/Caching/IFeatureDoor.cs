using Augur.Tensors;

namespace Augur.Caching;

/// <summary>Computes the feature at a site.</summary>
/// <param name="input">What the site reads: the selected rows with all their tokens, [rows, tokens, channels].</param>
/// <param name="selection">
/// Which rows those are, so that the branch can narrow what it closes over, and for which tokens the feature is wanted.
/// </param>
/// <returns>[rows, tokens or k, channels]; Float32, or at a site inside a branch half precision, which is widened for whoever keeps it.</returns>
public delegate Tensor ComputeFeature(Tensor input, Selection selection);

/// <summary>The only door between a network and a caching method: the network asks it for every feature, and never learns how it answers.</summary>
public interface IFeatureDoor
{
    /// <summary>The feature at a site: computed now for all, some or none of the rows and tokens, the rest from what earlier calls taught.</summary>
    /// <param name="site">Where in the network.</param>
    /// <param name="input">
    /// What the feature is computed from: the residual stream [batch, tokens, channels]; of the whole network the latent, [batch, channels, …], so
    /// that nothing is embedded where the output is forecast (a text's tokens are embedded, and U-Nets flatten the latent's cells).
    /// </param>
    /// <param name="compute">Computes the feature; may be called not at all, once, or again to verify.</param>
    /// <param name="offer">A signal that can be measured before the answer is given; null: none.</param>
    Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null);

    /// <summary>Offers a quantity that exists only while a site is being computed. Measured only if an answer asked to hear it.</summary>
    /// <param name="site">The site that is being computed.</param>
    /// <param name="signal">What is offered.</param>
    /// <param name="measure">Measures it for the rows that are being computed.</param>
    void Offer(Site site, Signal signal, Func<Tensor> measure);

    /// <summary>
    /// Shows an intermediate by its name in the original code while it exists. Nobody looks, unless a <see cref="TracingDoor"/> stands around the
    /// door.
    /// </summary>
    void Show(string name, Tensor value)
    {
    }
}

/// <summary>Computes everything and remembers nothing: a network without a caching method.</summary>
public sealed class ComputeEverything : IFeatureDoor
{
    /// <summary>The only one there need be.</summary>
    public static ComputeEverything Instance { get; } = new();

    /// <inheritdoc/>
    public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null) =>
        compute.NotNull()(input, Selection.Everything);

    /// <inheritdoc/>
    public void Offer(Site site, Signal signal, Func<Tensor> measure)
    {
    }
}
