using Augur.Decoding;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Metrics.Features;

/// <summary>
/// The feature network of Augur's own quality figures: a small convolutional classifier, trained by <c>tools/features</c> on emoji and on CIFAR-10.
/// Figures measured on it are named "Augur features"; they are not FID and not LPIPS.
/// </summary>
/// <remarks>
/// It reads pictures of 32×32 pixels. Others are resized by area averaging first (a picture that is not square is stretched), so that finer
/// differences between large pictures have no effect.
/// </remarks>
public sealed class FeatureNetwork : IFeatureNetwork
{
    private const string BuiltInFolder = "models/features";
    private const int BatchSize = 32;
    private readonly IBackend _backend;
    private readonly PictureResize _resize;
    private readonly LayerSequence[] _stages;
    private readonly PackedLinear _head;
    private readonly List<IDisposable> _weights = [];

    private FeatureNetwork(string name, FeatureNetworkConfig config, WeightScope scope)
    {
        (Name, _backend, _resize) = (name, scope.Backend, PictureResize.ByArea(config.InputSize));
        try
        {
            _stages = ReadStages(config, scope);
            Heads = ReadHeads(config);
            _head = scope.Linear("head", Heads.Sum(h => h.ClassNames.Count), config.Widths[^1]);
            _weights.Add(_head);
            scope.RequireAllUsed();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Folder of the network that the package Augur.Models.Emoji brings.</summary>
    /// <exception cref="WeightFileException">The folder is not beside the program.</exception>
    public static string BuiltInPath => BuiltInFiles.Find(BuiltInFolder, "the built-in feature network");

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Dimensions => _head.Inputs;

    /// <summary>The data sets whose classes the network distinguishes.</summary>
    public IReadOnlyList<ClassHead> Heads { get; }

    /// <summary>Loads the built-in network.</summary>
    public static FeatureNetwork LoadBuiltIn(IBackend backend) => Load(BuiltInPath, backend);

    /// <summary>Loads a folder that <c>tools/features/train.py --export</c> wrote: <c>config.json</c> and <c>model.safetensors</c>.</summary>
    /// <exception cref="WeightFileException">
    /// A file is missing or damaged, or the weights do not fit the configuration; the message names the tensor.
    /// </exception>
    public static FeatureNetwork Load(string folder, IBackend backend)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(backend);
        var config = FeatureNetworkConfig.Read(Path.Combine(folder, "config.json"));
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, "model.safetensors"));
        return new FeatureNetwork("Augur features", config, new WeightScope(checkpoint, backend));
    }

    /// <summary>The head that knows the classes of a model.</summary>
    /// <param name="classNames">Class names of the model, spelt as in the head's <see cref="ClassHead.ClassNames"/>.</param>
    /// <exception cref="ArgumentException">No head knows them all, or several do.</exception>
    public ClassHead HeadFor(IReadOnlyCollection<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        var known = Heads.Where(h => !classNames.Except(h.ClassNames, StringComparer.Ordinal).Any()).ToArray();
        return known.Length == 1 ? known[0] : throw new ArgumentException(
            $"HeadFor: {(known.Length == 0 ? "no head knows" : "several heads know")} all of the {classNames.Count} class names; "
            + $"there are {string.Join(" and ", Heads.Select(h => $"'{h.Name}' of {h.ClassNames.Count}"))}.");
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Each description keeps the maps of all stages, about 250 KB with the built-in features: read them one by one, or keep only what is needed.
    /// </remarks>
    public IEnumerable<PictureFeatures> Describe(IEnumerable<RgbImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.Chunk(BatchSize).SelectMany(DescribeBatch);
    }

    /// <summary>Releases the weights.</summary>
    public void Dispose() => _weights.ForEach(w => w.Dispose());

    private PictureFeatures[] DescribeBatch(RgbImage[] images)
    {
        using var scope = TensorScope.Begin();
        var x = _resize.ToTensor(_backend, images); // [batch, 32, 32, 3]
        var maps = new Tensor[_stages.Length];
        for (var i = 0; i < maps.Length; i++)
        {
            x = maps[i] = _stages[i].Forward(x); // stage i: [batch, 32 / 2ⁱ, 32 / 2ⁱ, width]
        }

        var pooled = x.MeanOverPlaces(); // [batch, dimensions]
        return PictureFeatures.FromBatch(pooled, pooled.Linear(_head), maps);
    }

    private LayerSequence[] ReadStages(FeatureNetworkConfig config, WeightScope scope)
    {
        RectifiedConvolution Convolution(string name, int outputs, int inputs, int stride)
        {
            var weight = scope.Conv2d(name, outputs, inputs, 3);
            _weights.Add(weight);
            return new RectifiedConvolution(weight, stride, Padding.All(1));
        }

        var channels = 3;
        var stages = new LayerSequence[config.Widths.Count];
        for (var s = 0; s < stages.Length; s++)
        {
            var width = config.Widths[s];
            var layers = new List<IFeatureLayer> { Convolution($"stages.{s}.0", width, channels, s == 0 ? 1 : 2) };
            for (var r = 1; r <= config.Residuals[s]; r++)
            {
                layers.Add(new ResidualLayer(Convolution($"stages.{s}.{r}", width, width, 1)));
            }

            (stages[s], channels) = (new LayerSequence([.. layers]), width);
        }

        return stages;
    }

    private static ClassHead[] ReadHeads(FeatureNetworkConfig config)
    {
        var heads = new ClassHead[config.Heads.Count];
        var first = 0;
        for (var i = 0; i < heads.Length; i++)
        {
            heads[i] = new ClassHead(config.Heads[i].Name, first, config.Heads[i].ClassNames);
            first += heads[i].ClassNames.Count;
        }

        return heads;
    }
}
