using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>What CLIP makes of texts.</summary>
/// <param name="Hidden">Of each token, [rows, longest, channels], behind the layer that was asked for.</param>
/// <param name="Pooled">Of each text: the last layer behind the final norm at the place of the end token, [rows, channels].</param>
/// <param name="Projected">The pooled vectors projected, [rows, projected channels]; null: the encoder has no projection.</param>
public sealed record ClipTextStates(Tensor Hidden, Tensor Pooled, Tensor? Projected);

/// <summary>
/// The text encoder of CLIP (Radford et al., 2021, arXiv 2103.00020): OpenAI's CLIP-L of Stable Diffusion, SDXL, SD3 and FLUX, and OpenCLIP's larger
/// ones. Any number of threads may call it.
/// </summary>
public sealed class ClipTextEncoder : IDisposable
{
    private const string Name = "CLIP";
    private readonly ClipTextWeights _weights;

    private ClipTextEncoder(ClipTextConfig config, IBackend backend, ClipTextWeights weights) =>
        (Config, Backend, _weights) = (config, backend, weights);

    /// <summary>Its sizes.</summary>
    public ClipTextConfig Config { get; }

    /// <summary>Where it computes.</summary>
    public IBackend Backend { get; }

    /// <summary>Bytes of its weights.</summary>
    public long ByteCount => EncoderFiles.BytesOf(_weights.Parts);

    /// <summary>Whether a checkpoint holds a CLIP text encoder.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="prefix">What precedes every name, with its dot.</param>
    public static bool IsIn(Checkpoint checkpoint, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return ClipTextLayouts.HuggingFacePrefix(checkpoint, prefix) is not null || ClipTextLayouts.IsOpenClip(checkpoint, prefix);
    }

    /// <summary>Reads an encoder from a folder or a file, with the config.json beside it where there is one.</summary>
    /// <param name="path">Of the weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <exception cref="WeightFileException">It is not there, no CLIP, or a tensor is missing, left over, or has another shape.</exception>
    public static ClipTextEncoder Load(string path, IBackend backend)
    {
        using var checkpoint = Checkpoint.Open(path);
        return Read(checkpoint, backend, EncoderFiles.Config(path));
    }

    /// <summary>Reads an encoder of a checkpoint, in Hugging Face's or open_clip's layout; sizes follow from shapes.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="config">What config.json says; null: what published models of these sizes have, heads of 64 channels.</param>
    /// <param name="prefix">What precedes every name, with its dot, in files that hold several models.</param>
    /// <exception cref="WeightFileException">The tensors are not those of a CLIP text encoder, or do not agree with the configuration.</exception>
    public static ClipTextEncoder Read(Checkpoint checkpoint, IBackend backend, ForeignJson? config = null, string prefix = "") =>
        Read(checkpoint, backend, sizes => config is { } json ? sizes.With(json) : sizes, prefix);

    /// <summary>The same with a change to the sizes that shapes tell.</summary>
    internal static ClipTextEncoder Read(Checkpoint checkpoint, IBackend backend, Func<ClipTextConfig, ClipTextConfig> adjust, string prefix)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var sizes = adjust(ClipTextLayouts.Infer(checkpoint, prefix));
        return EncoderFiles.Read(
            checkpoint, backend, prefix, root => new ClipTextEncoder(sizes, backend, ClipTextLayouts.Read(root, sizes, prefix)));
    }

    /// <summary>Encodes rows of tokens.</summary>
    /// <param name="rows">
    /// Token numbers of each text with begin, end and padding, at most as many as there are positions. A row's result does not depend on the others,
    /// bit for bit.
    /// </param>
    /// <param name="skippedLayers">Layers at the end that the hidden states do not pass: 0: none, 1: the penultimate layer's, …</param>
    /// <param name="normalises">Whether the final norm is applied to the hidden states.</param>
    /// <exception cref="ArgumentException">A row is empty, too long, or has a number that is no token, or there are not so many layers.</exception>
    public ClipTextStates Encode(IReadOnlyList<int[]> rows, int skippedLayers = 0, bool normalises = true) =>
        Encode(rows, skippedLayers, normalises, show: null);

    /// <summary>The same; <paramref name="show"/> sees the result of each layer.</summary>
    internal ClipTextStates Encode(IReadOnlyList<int[]> rows, int skippedLayers, bool normalises, Action<int, Tensor>? show)
    {
        if (skippedLayers < 0 || skippedLayers >= Config.Layers)
        {
            throw new ArgumentException($"{Name}: {skippedLayers} layers cannot be skipped; there are {Config.Layers}.", nameof(skippedLayers));
        }

        using var scope = TensorScope.Begin();
        var tokens = TokenRows.From(Name, Backend, rows, Config.Vocabulary);
        if (tokens.Length > Config.Positions)
        {
            throw new ArgumentException(
                $"{Name}: a text of {tokens.Length} tokens is too long; there are {Config.Positions} positions.", nameof(rows));
        }

        var x = Embed(tokens);
        Tensor? hidden = null;
        for (var i = 0; i < Config.Layers; i++)
        {
            using var layerScope = TensorScope.Begin(); // a layer's intermediates die with it, only the stream flows on
            x = Layer(_weights.Layers[i], x).Escape();
            show?.Invoke(i, x);
            hidden = i == Config.Layers - 1 - skippedLayers ? x : hidden;
        }

        var last = _weights.FinalNorm.Apply(x, Config.NormEpsilon);
        var pooled = last.Reshape([tokens.Count * tokens.Length, Config.Channels])
            .GatherRows(IndexTable.From(Backend, EndPlaces(rows, tokens.Length)));
        var projected = _weights.Projection is { } projection ? pooled.Linear(projection) : null;
        var states = skippedLayers == 0 && normalises ? last : normalises ? _weights.FinalNorm.Apply(hidden!, Config.NormEpsilon) : hidden!;
        return new ClipTextStates(states.Escape(), pooled.Escape(), projected?.Escape());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _weights.Parts)
        {
            part?.Dispose();
        }
    }

    private Tensor Embed(TokenRows tokens)
    {
        var x = tokens.Embed(_weights.Embedding);
        var positions = _weights.Positions.Rows(0, tokens.Length);
        return x + Tensor.Concatenate([.. Enumerable.Repeat(positions.Reshape([1, tokens.Length, Config.Channels]), tokens.Count)], 0);
    }

    private Tensor Layer(ClipTextLayer layer, Tensor x)
    {
        var h = layer.AttentionNorm.Apply(x, Config.NormEpsilon);
        var options = new AttentionOptions(IsCausal: true);
        x = h.Linear(layer.Query).AttendTo(h.Linear(layer.Key), h.Linear(layer.Value), Config.Heads, options)
            .Linear(layer.Output, new LinearEpilogue(Residual: x));
        return layer.MlpNorm.Apply(x, Config.NormEpsilon).Linear(layer.Up, Config.Activation).Linear(layer.Down, new LinearEpilogue(Residual: x));
    }

    private int[] EndPlaces(IReadOnlyList<int[]> rows, int length)
    {
        return [.. rows.Select((row, i) =>
        {
            var place = Config.EndId is { } end ? Array.IndexOf(row, end) : Array.IndexOf(row, row.Max());
            return (i * length) + Math.Max(0, place); // without an end token the first place, as in the original
        })];
    }
}
