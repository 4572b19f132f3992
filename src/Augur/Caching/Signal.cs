using Augur.Tensors;

namespace Augur.Caching;

/// <summary>
/// Cheap quantities that a network can measure on the way, for policies that steer by them. A <see cref="NetworkMap"/> says which it offers.
/// </summary>
public enum Signal
{
    /// <summary>
    /// At <see cref="Site.Output"/>: the latent in the order of the network's output, [batch, tokens, outputs]; 0 where the output has a learned
    /// variance.
    /// </summary>
    NetworkInput,

    /// <summary>
    /// At the span of all blocks: what the first block's attention branch would read, normalised and modulated, [batch, tokens, channels]; in
    /// networks that keep picture and text apart the picture's tokens only.
    /// </summary>
    ModulatedInput,

    /// <summary>
    /// At an attention branch that is run: how much each token is read by all, the column sums of the softmax averaged over heads, [batch, tokens].
    /// </summary>
    AttentionReceived,

    /// <summary>At an attention branch that is run: Euclidean norms of the values, [batch, heads, tokens].</summary>
    ValueNorms,

    /// <summary>
    /// At a cross-attention branch that is run, for all tokens or some: how evenly each of them reads the text, the entropy in nats of its row of the
    /// softmax averaged over heads, [batch, tokens or k].
    /// </summary>
    TextEntropy,
}

/// <summary>A signal that a network can measure before it asks for a feature.</summary>
/// <param name="Signal">Which.</param>
/// <param name="Measure">Measures it for all rows of the batch; called at most once, and only if somebody steers by it.</param>
public readonly record struct SignalOffer(Signal Signal, Func<Tensor> Measure);
