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
    /// <summary>At <see cref="Site.Output"/>: the latent in the order of the network's output, [batch, tokens, outputs]; 0 where the output has a learned variance.</summary>
    NetworkInput,

    /// <summary>At the span of all blocks: what the first block's attention branch would read, normalised and modulated, [batch, tokens, channels].</summary>
    ModulatedInput,

    /// <summary>At an attention branch that is run: how much each token is read by all, the column sums of the softmax averaged over heads, [batch, tokens].</summary>
    AttentionReceived,

    /// <summary>At an attention branch that is run: Euclidean norms of the values, [batch, heads, tokens].</summary>
    ValueNorms,
}

/// <summary>The only door between a network and a caching method: the network asks it for every feature, and never learns how it answers.</summary>
public interface IFeatureDoor
{
    /// <summary>Offers a quantity that some policies steer by. Evaluated only if a policy asks.</summary>
    void Offer(Site site, Signal signal, Func<Tensor> value);

    /// <summary>
    /// The spans in which a span of blocks is to be run, in order: samples that may change their mind within a call do so between them, and those
    /// that go on are gathered there once. A single part is the span itself and is not asked for again.
    /// </summary>
    IReadOnlyList<Site> PartsOf(Site span);

    /// <summary>The feature at a site: computed now for all, some or none of the rows and tokens, the rest from what earlier calls taught.</summary>
    /// <param name="site">Where in the network.</param>
    /// <param name="input">What the feature is computed from: the residual stream [batch, tokens, channels].</param>
    /// <param name="compute">Computes the feature; may be called not at all, once, or again to verify.</param>
    Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute);
}

/// <summary>Computes everything and remembers nothing: a network without a caching method.</summary>
public sealed class ComputeEverything : IFeatureDoor
{
    /// <summary>The only one there need be.</summary>
    public static ComputeEverything Instance { get; } = new();

    /// <inheritdoc/>
    public void Offer(Site site, Signal signal, Func<Tensor> value)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<Site> PartsOf(Site span) => [span];

    /// <inheritdoc/>
    public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute) => compute(input, Selection.Everything);
}
