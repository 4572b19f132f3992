namespace Augur.Metrics.Features;

/// <summary>Which InceptionV3 a file's weights were made for.</summary>
public enum InceptionVariant
{
    /// <summary>
    /// The network of the Fréchet Inception Distance (Heusel et al., arXiv 1706.08500), TensorFlow's of 2015-12-05 as ported to PyTorch: mean pools
    /// do not count padding, and the last block takes the largest instead of the mean. 1008 scores in the usual file.
    /// </summary>
    Fid,

    /// <summary>torchvision's <c>inception_v3</c>: mean pools count padding as zeros. 1000 scores in the usual file.</summary>
    Torchvision,
}
