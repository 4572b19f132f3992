using Augur.Tensors;

namespace Augur.Caching;

/// <summary>Computes the feature at a site for the given part of its input.</summary>
/// <param name="input">The selected part of the site's input, [rows, tokens, channels].</param>
/// <param name="selection">Which part that is, so that the branch can narrow what it closes over.</param>
/// <returns>The feature for that part; same shape as <paramref name="input"/>.</returns>
public delegate Tensor ComputeFeature(Tensor input, Selection selection);

/// <summary>Cheap quantities that a network can measure on the way, for policies that steer by them.</summary>
public enum Signal
{
    /// <summary>What the first block's attention branch would read: normalised, modulated stream, [batch, tokens, channels].</summary>
    ModulatedInput,
}

/// <summary>The only door between a network and a caching method: the network asks it for every feature, and never learns how it answers.</summary>
/// <remarks>
/// One object answers for all rows of one batched call. Rows belong to samples; each sample's memory is its own
/// (<see cref="ICachePolicy.Open"/>), and this door joins what they agree on into dense work.
/// </remarks>
public interface IFeatureCache : IDisposable
{
    /// <summary>A network call begins; its rows and their timesteps are known.</summary>
    void BeginCall(NetworkCall call);

    /// <summary>Offers a quantity that some policies steer by. Evaluated only if the policy asks.</summary>
    void Offer(Signal signal, Func<Tensor> value);

    /// <summary>The feature at a site: computed now for all, some or none of the rows and tokens, the rest from what earlier calls taught.</summary>
    /// <param name="site">Where in the network.</param>
    /// <param name="input">What the feature is computed from: the residual stream [batch, tokens, channels].</param>
    /// <param name="compute">Computes the feature; may be called not at all, once, or again to verify.</param>
    /// <returns>[batch, tokens, channels]; owned by the cache or the current scope: the network must not write to it.</returns>
    Tensor GetOrCompute(Site site, Tensor input, ComputeFeature compute);

    /// <summary>The call is over: what was done for each of its rows.</summary>
    IReadOnlyList<CallOutcome> EndCall();
}
