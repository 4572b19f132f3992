using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>What is read of a decoder's weights.</summary>
/// <param name="Layers">
/// Layers from the first on, for those who need no later hidden states; negative: so many fewer than there are. Null: all.
/// </param>
/// <param name="HasHead">Whether the head that predicts tokens is read.</param>
public readonly record struct DecoderParts(int? Layers = null, bool HasHead = false)
{
    internal int CountOf(DecoderConfig config) => Layers is not { } layers ? config.Layers : layers < 0 ? config.Layers + layers : layers;
}

/// <summary>
/// A decoder of Llama's kind (Llama 1 to 3, Qwen2, Qwen2.5, Qwen3; Touvron et al., 2023, arXiv 2302.13971): as encoder of prompts by its hidden
/// states, and as language model by its logits. Any number of threads may call it.
/// </summary>
public sealed class DecoderModel : IDisposable
{
    private const string Name = "Decoder";
    private readonly LookupTable _embedding;
    private readonly DecoderLayer[] _layers;
    private readonly Tensor? _finalNorm;
    private readonly PackedLinear? _head;

    private DecoderModel(
        DecoderConfig config,
        IBackend backend,
        LookupTable embedding,
        DecoderLayer[] layers,
        Tensor? finalNorm,
        PackedLinear? head)
    {
        (Config, Backend, _embedding, _layers, _finalNorm, _head) = (config, backend, embedding, layers, finalNorm, head);
    }

    /// <summary>Its sizes; layers that were not read are counted.</summary>
    public DecoderConfig Config { get; }

    /// <summary>Where it computes.</summary>
    public IBackend Backend { get; }

    /// <summary>Layers that were read.</summary>
    public int LayerCount => _layers.Length;

    /// <summary>The layers that were read, for networks that ask for their features one by one.</summary>
    internal IReadOnlyList<DecoderLayer> Layers => _layers;

    /// <summary>Bytes of its weights.</summary>
    public long ByteCount => EncoderFiles.BytesOf([_embedding, _finalNorm, _head, .. _layers.SelectMany(layer => layer.Parts)]);

    /// <summary>Whether a checkpoint holds a decoder.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="prefix">What precedes every name, with its dot.</param>
    public static bool IsIn(Checkpoint checkpoint, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return DecoderLayouts.Find(checkpoint, prefix) is not null;
    }

    /// <summary>Reads a decoder from a folder or a file, with the config.json beside it where there is one.</summary>
    /// <param name="path">Of the weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="parts">What is read of them.</param>
    /// <exception cref="WeightFileException">It is not there, no decoder, or a tensor is missing, left over, or has another shape.</exception>
    public static DecoderModel Load(string path, IBackend backend, DecoderParts parts = default)
    {
        using var checkpoint = Checkpoint.Open(path);
        return Read(checkpoint, backend, EncoderFiles.Config(path), parts);
    }

    /// <summary>Reads a decoder of a checkpoint, in Hugging Face's or Meta's layout; sizes follow from shapes.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="config">
    /// What config.json says; null: the usual values of the family, heads of 128 channels and unscaled rotary positions among them.
    /// </param>
    /// <param name="parts">What is read of them.</param>
    /// <param name="prefix">What precedes every name, with its dot, in files that hold several models.</param>
    /// <exception cref="WeightFileException">The tensors are not those of a decoder, or do not agree with the configuration.</exception>
    public static DecoderModel Read(
        Checkpoint checkpoint, IBackend backend, ForeignJson? config = null, DecoderParts parts = default, string prefix = "")
    {
        var text = config?.Find("text_config") ?? config;
        var head = text?.Find("head_dim")?.AsInteger();
        if (head is null && text is { } sizes && sizes.Find("hidden_size")?.AsInteger() is { } channels
            && sizes.Find("num_attention_heads") is { } heads)
        {
            head = heads.AsInteger() > 0 ? channels / heads.AsInteger() : throw heads.Error($"is {heads.AsInteger()}; there is one head at least.");
        }

        return Read(checkpoint, backend, head, inferred => config is { } json ? inferred.With(json) : inferred, parts, prefix);
    }

    /// <summary>The same with a change to the sizes that shapes tell.</summary>
    internal static DecoderModel Read(
        Checkpoint checkpoint, IBackend backend, int? headChannels, Func<DecoderConfig, DecoderConfig> adjust, DecoderParts parts, string prefix)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var layout = DecoderLayouts.Find(checkpoint, prefix)
            ?? throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a decoder of Llama's kind.");
        var config = adjust(DecoderLayouts.Infer(checkpoint, layout, prefix, headChannels));
        var count = parts.CountOf(config);
        if (count < 1 || count > config.Layers || (parts.HasHead && count < config.Layers))
        {
            throw new ArgumentException(
                $"{Name}: {count} layers{(parts.HasHead ? " with the head" : "")} of {config.Layers} cannot be read.", nameof(parts));
        }

        return EncoderFiles.Read(checkpoint, backend, prefix, root => ReadParts(root, layout, config, parts, layout.Prefix[prefix.Length..]));
    }

    /// <summary>
    /// Hidden states of rows of tokens: behind the n-th layer for each n in <paramref name="layers"/>, [rows, longest, channels] each; behind all
    /// layers, the final norm is applied to them. The numbering is Hugging Face's: 0 is the embedding.
    /// </summary>
    /// <param name="rows">Token numbers of each text. A row's result does not depend on the others, bit for bit.</param>
    /// <param name="layers">Which, 0 to the number of layers that were read.</param>
    /// <param name="fill">
    /// What short rows are filled up with. A token beyond its row's own attends to the row's own tokens, as where a mask hides padding.
    /// </param>
    /// <param name="length">Tokens to which all rows are filled up; null: the longest row's.</param>
    /// <exception cref="ArgumentException">A row is empty or has a number that is no token, or there is no such layer.</exception>
    public IReadOnlyList<Tensor> HiddenStates(IReadOnlyList<int[]> rows, IReadOnlyList<int> layers, int fill = 0, int? length = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0 || layers.Min() < 0 || layers.Max() > _layers.Length)
        {
            throw new ArgumentException(
                $"{Name}: no hidden states behind layers {string.Join(", ", layers)}; {_layers.Length} were read.", nameof(layers));
        }

        using var scope = TensorScope.Begin();
        var behind = Run(rows, layers, fill, length, show: null);
        if (_finalNorm is { } norm && behind[^1] is { } last)
        {
            behind[^1] = last.RmsNorm(norm, Config.NormEpsilon);
        }

        foreach (var layer in layers.Distinct())
        {
            behind[layer]!.Escape();
        }

        return [.. layers.Select(layer => behind[layer]!)];
    }

    /// <summary>Logits of the token behind each: [rows, longest, vocabulary].</summary>
    /// <param name="rows">Token numbers of each text. A row's result does not depend on the others, bit for bit.</param>
    /// <exception cref="InvalidOperationException">The head was not read.</exception>
    public Tensor Logits(IReadOnlyList<int[]> rows) => Logits(rows, show: null);

    /// <summary>The same; <paramref name="show"/> sees intermediate results by the names of the replay.</summary>
    internal Tensor Logits(IReadOnlyList<int[]> rows, Action<string, Tensor>? show)
    {
        if (_head is null || _finalNorm is null)
        {
            throw new InvalidOperationException($"{Name}: was read without its head, and predicts no token.");
        }

        using var scope = TensorScope.Begin();
        var x = Run(rows, [_layers.Length], fill: 0, length: null, show)[^1]!.RmsNorm(_finalNorm, Config.NormEpsilon);
        show?.Invoke("norm.out", x);
        return x.Linear(_head).Escape();
    }

    /// <summary>The stream before the first layer: [rows · tokens] to [rows · tokens, channels].</summary>
    internal Tensor Embed(IndexTable tokens) => _embedding.Look(tokens);

    /// <summary>What the head reads of the stream behind the last layer.</summary>
    internal Tensor ForHead(Tensor x) => x.RmsNorm(_finalNorm, Config.NormEpsilon);

    /// <summary>Logits of normalised tokens.</summary>
    internal Tensor Head(Tensor h) => h.Linear(_head!);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _layers.SelectMany(layer => layer.Parts).Append(_embedding).Append(_finalNorm).Append(_head))
        {
            part?.Dispose();
        }
    }

    private static DecoderModel ReadParts(WeightScope root, DecoderLayout layout, DecoderConfig config, DecoderParts parts, string inner)
    {
        var (names, body, count) = (layout.Names, inner.Length == 0 ? root : root.Scope(inner.TrimEnd('.')), parts.CountOf(config));
        foreach (var unused in names.Unused)
        {
            root.Ignore(unused);
        }

        foreach (var layer in Enumerable.Range(count, config.Layers - count))
        {
            root.Ignore(layout.Block(layer)[(layout.Prefix.Length - inner.Length)..].TrimEnd('.'));
        }

        var embedding = body.Table($"{names.Embedding}.weight", config.Vocabulary, config.Channels);
        DecoderLayer[] layers =
        [
            .. Enumerable.Range(0, count).Select(i => DecoderLayouts.ReadLayer(
                body.Scope(layout.Block(i)[layout.Prefix.Length..].TrimEnd('.')), layout, config)),
        ];
        var headName = names.Heads.FirstOrDefault(name => root.Contains($"{name}.weight"));
        var head = !parts.HasHead ? null : headName is not null ? root.Linear(headName, config.Vocabulary, config.Channels, bias: false)
            : body.Linear(names.Embedding, config.Vocabulary, config.Channels, bias: false); // tied
        foreach (var name in names.Heads)
        {
            root.Ignore(name);
        }

        var finalNorm = count == config.Layers ? body.SingleTensor($"{names.FinalNorm}.weight", [config.Channels]) : null;
        body.Ignore(names.FinalNorm);
        return new DecoderModel(config, root.Backend, embedding, layers, finalNorm, head);
    }

    // The hidden states that are asked for, at their numbers.
    private Tensor?[] Run(IReadOnlyList<int[]> rows, IReadOnlyList<int> layers, int fill, int? length, Action<string, Tensor>? show)
    {
        using var scope = TensorScope.Begin();
        var behind = new Tensor?[_layers.Length + 1];
        var tokens = TokenRows.From(Name, Backend, rows, Config.Vocabulary, fill, length);
        var rotation = Rotation(rows, tokens.Length);
        var x = tokens.Embed(_embedding);
        behind[0] = layers.Contains(0) ? x : null;
        show?.Invoke("embed", x);
        for (var i = 0; i < layers.Max(); i++)
        {
            using var layerScope = TensorScope.Begin(); // a layer's intermediates die with it, only the stream flows on
            var before = x;
            x = Layer(_layers[i], before, tokens, rotation, $"layers.{i}.", show).Escape();
            behind[i + 1] = layers.Contains(i + 1) ? x : null;
            if (behind[i] is null)
            {
                before.Dispose();
            }

            show?.Invoke($"layers.{i}.out", x);
        }

        foreach (var kept in behind)
        {
            kept?.Escape();
        }

        return behind;
    }

    private static Tensor Layer(
        DecoderLayer layer, Tensor x, TokenRows tokens, DecoderRotation rotation, string name, Action<string, Tensor>? show)
    {
        Action<string, Tensor>? shown = show is null ? null : (what, tensor) => show(name + what, tensor);
        var h = layer.ForAttention(x);
        shown?.Invoke("input_layernorm.out", h);
        var (q, k, v) = (layer.Queries(h, rotation, shown), layer.Keys(h, rotation, shown), layer.Values(h));
        shown?.Invoke("v_proj.out", v);
        var attended = layer.Attend(q, k, v, tokens.Counts, isCausal: true);
        shown?.Invoke("self_attn.out", attended.Linear(layer.Output));
        x = attended.Linear(layer.Output, new LinearEpilogue(Residual: x));
        h = layer.ForMlp(x);
        shown?.Invoke("post_attention_layernorm.out", h);
        var middle = layer.Middle(h);
        shown?.Invoke("mlp.out", middle.Linear(layer.Down));
        return middle.Linear(layer.Down, new LinearEpilogue(Residual: x));
    }

    // [length, pairs], or [rows, length, pairs] where scaling depends on a row's length.
    private DecoderRotation Rotation(IReadOnlyList<int[]> rows, int length)
    {
        var pairs = Config.HeadChannels / 2;
        long[] positions = [.. Enumerable.Range(0, length)];
        if (Config.Rotary.Scaling != RotaryScaling.Dynamic)
        {
            var (cosines, sines) = Config.Rotary.Table(Config.HeadChannels, positions, length);
            return new(Tensor.From(Backend, cosines, [length, pairs]), Tensor.From(Backend, sines, [length, pairs]));
        }

        var tables = rows.Select(row => Config.Rotary.Table(Config.HeadChannels, positions, row.Length)).ToArray();
        float[] allCosines = [.. tables.SelectMany(table => table.Cosines)], allSines = [.. tables.SelectMany(table => table.Sines)];
        Shape shape = [rows.Count, length, pairs];
        return new(Tensor.From(Backend, allCosines, shape), Tensor.From(Backend, allSines, shape));
    }
}
