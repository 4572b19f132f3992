using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>What an edit holds on to: the latent of the picture that is changed, and where it may change.</summary>
/// <param name="Latent">Elements of the latent [1, channels, …], innermost axis fastest.</param>
/// <param name="Mask">Share of the change for each element, 0 stays as it is, 1 is drawn anew; null: all is drawn anew.</param>
internal sealed record PictureSource(float[] Latent, float[]? Mask = null)
{
    /// <summary>The latent.</summary>
    public Tensor LatentLike(Tensor x) => Tensor.From(x.Backend, Latent, x.Shape);

    /// <summary>x where the mask is 1, y where it is 0, and between them in proportion.</summary>
    public Tensor Choose(Tensor x, Tensor y)
    {
        if (Mask is null)
        {
            return x.Copy();
        }

        var (inside, outside) = (Tensor.From(x.Backend, Mask, x.Shape), Tensor.From(x.Backend, Array.ConvertAll(Mask, m => 1 - m), x.Shape));
        return (inside * x) + (outside * y);
    }
}
