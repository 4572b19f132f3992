using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>
/// The encoder of T5 (Raffel et al., 2020, arXiv 1910.10683), in its versions: T5 1.1 as FLUX, SD3 and PixArt use it, the first T5, and umT5 of Wan.
/// Any number of threads may call it.
/// </summary>
public sealed class T5Encoder : IDisposable
{
    private const string Name = "T5";
    private readonly LookupTable _embedding;
    private readonly T5Layer[] _layers;
    private readonly Tensor _finalNorm;

    private T5Encoder(T5Config config, IBackend backend, LookupTable embedding, T5Layer[] layers, Tensor finalNorm)
    {
        (Config, Backend, _embedding, _layers, _finalNorm) = (config, backend, embedding, layers, finalNorm);
    }

    /// <summary>Its sizes.</summary>
    public T5Config Config { get; }

    /// <summary>Where it computes.</summary>
    public IBackend Backend { get; }

    /// <summary>Bytes of its weights.</summary>
    public long ByteCount => EncoderFiles.BytesOf([_embedding, _finalNorm, .. _layers.SelectMany(layer => layer.Parts)]);

    /// <summary>Whether a checkpoint holds a T5 encoder.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="prefix">What precedes every name, with its dot.</param>
    public static bool IsIn(Checkpoint checkpoint, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return T5Layouts.Find(checkpoint, prefix) is not null;
    }

    /// <summary>Reads an encoder from a folder or a file, with the config.json beside it where there is one.</summary>
    /// <param name="path">Of the weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <exception cref="WeightFileException">It is not there, no T5, or a tensor is missing, left over, or has another shape.</exception>
    public static T5Encoder Load(string path, IBackend backend)
    {
        using var checkpoint = Checkpoint.Open(path);
        return Read(checkpoint, backend, EncoderFiles.Config(path));
    }

    /// <summary>Reads an encoder of a checkpoint, in Hugging Face's or Wan's layout; sizes follow from shapes.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="config">What config.json says; null: what all encoders of image models have.</param>
    /// <param name="prefix">What precedes every name, with its dot, in files that hold several models.</param>
    /// <exception cref="WeightFileException">The tensors are not those of a T5 encoder, or do not agree with the configuration.</exception>
    public static T5Encoder Read(Checkpoint checkpoint, IBackend backend, ForeignJson? config = null, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var names = T5Layouts.Find(checkpoint, prefix)
            ?? throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a T5 encoder.");
        var sizes = T5Layouts.Infer(checkpoint, names, prefix);
        sizes = config is { } json ? sizes.With(json) : sizes;
        return EncoderFiles.Read(checkpoint, backend, prefix, root => new T5Encoder(
            sizes,
            backend,
            T5Layouts.ReadEmbedding(root, names, sizes),
            [.. Enumerable.Range(0, sizes.Layers).Select(layer => T5Layouts.ReadLayer(root, names, sizes, layer))],
            root.SingleTensor($"{names.FinalNorm}.weight", [sizes.Channels])));
    }

    /// <summary>Encodes rows of tokens: [rows, longest, channels]; what stands behind a row's own tokens is not to be read.</summary>
    /// <param name="rows">
    /// Token numbers of each text. A row's tokens attend to each other alone: a text whose padding is attended to has it in its row. A row's result
    /// does not depend on the others, bit for bit.
    /// </param>
    /// <exception cref="ArgumentException">A row is empty or has a number that is no token.</exception>
    public Tensor Encode(IReadOnlyList<int[]> rows) => Encode(rows, show: null);

    /// <summary>The same; <paramref name="show"/> sees intermediate results by the names of the replay.</summary>
    internal Tensor Encode(IReadOnlyList<int[]> rows, Action<string, Tensor>? show)
    {
        using var scope = TensorScope.Begin();
        var tokens = TokenRows.From(Name, Backend, rows, Config.Vocabulary);
        var x = tokens.Embed(_embedding);
        show?.Invoke("embedding", x);
        Tensor? bias = null;
        for (var i = 0; i < _layers.Length; i++)
        {
            if (_layers[i].Positions is { } table)
            {
                bias?.Dispose();
                bias = RelativePositions.Bias(Backend, table, Config.Heads, tokens.Length, Config.MaxDistance);
                show?.Invoke($"{i}.position_bias", bias);
            }

            using var layerScope = TensorScope.Begin(); // a layer's intermediates die with it, only the stream flows on
            var before = x;
            x = Layer(_layers[i], before, new AttentionOptions(KeyCounts: tokens.Counts, Bias: bias, Scale: 1), $"{i}.", show).Escape();
            before.Dispose();
            show?.Invoke($"{i}.out", x);
        }

        return x.RmsNorm(_finalNorm, Config.NormEpsilon).Escape();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _layers.SelectMany(layer => layer.Parts).Append(_embedding).Append(_finalNorm))
        {
            part?.Dispose();
        }
    }

    private Tensor Layer(T5Layer layer, Tensor x, AttentionOptions attention, string name, Action<string, Tensor>? show)
    {
        var h = x.RmsNorm(layer.AttentionNorm, Config.NormEpsilon);
        var attended = h.Linear(layer.Query).AttendTo(h.Linear(layer.Key), h.Linear(layer.Value), Config.Heads, attention);
        if (show is not null)
        {
            show(name + "attn.out", attended.Linear(layer.Output));
        }

        x = attended.Linear(layer.Output, new LinearEpilogue(Residual: x));
        h = x.RmsNorm(layer.MlpNorm, Config.NormEpsilon);
        return Middle(layer, h).Linear(layer.Down, new LinearEpilogue(Residual: x));
    }

    private Tensor Middle(T5Layer layer, Tensor h)
    {
        if (layer.Gate is not { } gate)
        {
            return Config.IsRelu ? h.Linear(layer.Up).Clamp(0, float.MaxValue) : h.Linear(layer.Up, Config.Activation);
        }

        return Config.IsRelu ? h.Linear(layer.Up) * h.Linear(gate).Clamp(0, float.MaxValue)
            : h.Linear(layer.Up).TimesActivated(h.Linear(gate), Config.Activation);
    }
}
