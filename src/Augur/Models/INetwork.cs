using Augur.Caching;
using Augur.Conditioning;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Models;

/// <summary>
/// A network that predicts noise or flow from a latent under a condition. Immutable after loading, but for constants that it keeps once it has
/// computed them; any number of threads may call it. It describes each request once (<see cref="Describe"/>), makes of a condition what its rows
/// need (<see cref="Encode"/>), and asks the door for every feature.
/// </summary>
public interface INetwork : IDisposable
{
    /// <summary>For reports: architecture and size.</summary>
    string Name { get; }

    /// <summary>Where its weights are.</summary>
    IBackend Backend { get; }

    /// <summary>What the output means.</summary>
    Prediction Prediction { get; }

    /// <summary>
    /// Shape of a latent when a request does not say: without the batch, channels first, for example [channels, height, width] in latent cells.
    /// </summary>
    Shape LatentShape { get; }

    /// <summary>
    /// Latent cells of which both sides of a picture are whole multiples, where requests may ask for other sizes; 0: it draws its own size only.
    /// </summary>
    int LatentMultiple => 0;

    /// <summary>The rows that a guided sample takes. The null condition of guidance is the network's own.</summary>
    /// <exception cref="ArgumentException">It cannot show this; the message names the condition and what there is.</exception>
    GuidedRows Guide(Condition condition, Guidance guidance);

    /// <summary>Channels of latents of pictures that a text may refer to, in an <see cref="EditCondition"/>; 0: it refers to none.</summary>
    int ReferenceChannels => 0;

    /// <summary>
    /// The condition with what an inpainting network reads beside the latent; other networks have the condition as it is, and a mask is kept to
    /// outside of them.
    /// </summary>
    /// <param name="condition">What to show.</param>
    /// <param name="masked">Latent of the picture, grey where it is drawn anew.</param>
    /// <param name="mask">1 where a latent cell is drawn anew, 0 where it stays, row by row.</param>
    Condition Inpaint(Condition condition, ReferenceLatent masked, IReadOnlyList<float> mask) => condition;

    /// <summary>Whether it reads a mask and a masked picture beside the latent.</summary>
    bool IsInpainting => false;

    /// <summary>Makes of each condition what a row needs. The caller disposes them.</summary>
    /// <param name="conditions">Distinct; as <see cref="Guide"/> names them.</param>
    IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions);

    /// <summary>What the network is made of for a request. Rows of equal maps share dense calls.</summary>
    /// <param name="latent">Without the batch, [channels, …].</param>
    /// <param name="rows">Of one sample.</param>
    /// <exception cref="ArgumentException">A latent of that shape is not its own; the message names both shapes.</exception>
    NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows);

    /// <summary>Predicts for a batch whose rows may stand at different times, under conditions of different lengths.</summary>
    /// <returns>[batch, channels (twice, with a learned variance behind), …].</returns>
    Tensor Predict(NetworkInput input, IFeatureDoor door);
}
