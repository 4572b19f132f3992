namespace Augur.Metrics.Features;

/// <summary>The variants of InceptionV3, which differ in their pooling.</summary>
public enum InceptionVariant
{
    /// <summary>
    /// The network of the Fréchet Inception Distance (Heusel et al., arXiv 1706.08500), TensorFlow's of 2015-12-05 as ported to PyTorch: mean pools
    /// exclude padding, and the last block pools by maximum instead of mean. 1008 scores in the usual file.
    /// </summary>
    Fid,

    /// <summary>torchvision's <c>inception_v3</c>: mean pools include padding as zeros. 1000 scores in the usual file.</summary>
    Torchvision,
}
