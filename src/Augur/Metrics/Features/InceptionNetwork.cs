using Augur.Decoding;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Metrics.Features;

/// <summary>
/// InceptionV3 from a user's weight file: the network of the published Fréchet Inception Distance. Pictures are resized to 299×299 bilinearly,
/// without averaging, as the usual PyTorch port does, and scaled to [−1, 1].
/// </summary>
/// <remarks>
/// The weights do not come with Augur. FID depends on the resizing and on the number of pictures, so that only figures with equal settings are
/// comparable. <see cref="PictureFeatures.Stages"/> is empty.
/// </remarks>
public sealed class InceptionNetwork : IFeatureNetwork
{
    private const int InputSide = 299;
    private const int BatchSize = 8;
    private const string Classifier = "fc";
    private readonly IBackend _backend;
    private readonly PictureResize _resize = PictureResize.Bilinear(InputSide);
    private readonly List<IDisposable> _weights = [];
    private readonly LayerSequence _layers;
    private readonly PackedLinear _classifier;

    /// <summary>Reads the network from an open checkpoint, which may be closed afterwards.</summary>
    /// <param name="checkpoint">
    /// Tensors by torchvision's names (<c>Conv2d_1a_3x3.conv.weight</c>, <c>….bn.running_mean</c>, <c>fc.weight</c>); the number of scores is fc's.
    /// The auxiliary classifier is ignored.
    /// </param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <param name="variant">The topology that the weights belong to; the file does not state it.</param>
    /// <exception cref="WeightFileException">A tensor is missing, has another shape, or is not used.</exception>
    public InceptionNetwork(Checkpoint checkpoint, IBackend backend, InceptionVariant variant = InceptionVariant.Fid)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(backend);
        if (!Enum.IsDefined(variant))
        {
            throw new ArgumentOutOfRangeException(nameof(variant), variant, "not a variant of InceptionV3");
        }

        (_backend, Name) = (backend, variant == InceptionVariant.Fid ? "InceptionV3 (FID)" : "InceptionV3 (torchvision)");
        try
        {
            var root = new WeightScope(checkpoint, backend);
            _layers = new InceptionTopology(new InceptionWeights(root, _weights), variant).Read();
            var scores = checkpoint.Tensors.TryGetValue($"{Classifier}.bias", out var bias) && bias.Shape.Rank == 1 ? bias.Shape[0] : 1;
            _classifier = root.Linear(Classifier, scores, InceptionTopology.Features);
            _weights.Add(_classifier);
            root.Ignore("AuxLogits");
            root.RequireAllUsed();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Dimensions => InceptionTopology.Features;

    /// <summary>Loads a .safetensors file or a PyTorch state dict.</summary>
    /// <exception cref="WeightFileException">The file is missing or damaged, or its tensors are not InceptionV3's.</exception>
    public static InceptionNetwork Load(string path, IBackend backend, InceptionVariant variant = InceptionVariant.Fid)
    {
        using var checkpoint = Checkpoint.Open(path);
        return new InceptionNetwork(checkpoint, backend, variant);
    }

    /// <inheritdoc/>
    public IEnumerable<PictureFeatures> Describe(IEnumerable<RgbImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.Chunk(BatchSize).SelectMany(batch => DescribeBatch(batch, _resize));
    }

    /// <summary>Releases the weights.</summary>
    public void Dispose() => _weights.ForEach(w => w.Dispose());

    /// <summary>Computes features of a batch at another input size than 299 pixels; at least 75.</summary>
    internal PictureFeatures[] DescribeBatch(IReadOnlyList<RgbImage> images, PictureResize resize)
    {
        using var scope = TensorScope.Begin();
        var pooled = _layers.Forward(resize.ToTensor(_backend, images)).MeanOverPlaces(); // [batch, 2048]
        return PictureFeatures.FromBatch(pooled, pooled.Linear(_classifier), []);
    }
}
