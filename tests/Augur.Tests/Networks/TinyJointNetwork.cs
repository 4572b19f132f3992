using System.Collections.Concurrent;
using Augur.Caching;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Tests.Networks;

/// <summary>How a <see cref="TinyJointNetwork"/> is guided.</summary>
internal enum JointGuidance
{
    /// <summary>By a row for the prompt and one for what it is not.</summary>
    TwoRows,

    /// <summary>By a third row between them, which sees the first word only.</summary>
    ThreeRows,

    /// <summary>By a number that the network is told.</summary>
    Embedded,
}

/// <summary>
/// A transformer of made-up weights as the large ones are built: two blocks in which image and text have branches of their own, two in which they
/// share one, prompts of any length behind the image's tokens. Latents of rank 4 (pictures) or 5 (video), two channels, a token for each cell.
/// </summary>
/// <param name="backend">Where it runs.</param>
internal sealed class TinyJointNetwork(IBackend backend) : INetwork
{
    private const int Channels = 2;
    private const int Hidden = 16;
    private const int Heads = 2;
    private const int TimeFeatures = 8;
    private const int DoubleBlocks = 2;
    private const int Depth = 4;
    private const float Epsilon = 1e-6f;
    private readonly TinyWeights _weights = new(backend);
    private int _living;

    /// <summary>Text is filled up to a multiple of so many tokens, so that prompts of about one length share calls.</summary>
    public int Bucket { get; init; } = 4;

    public JointGuidance Guidance { get; init; }

    /// <summary>Conditions that were encoded so far, in order.</summary>
    public ConcurrentQueue<Condition> Encoded { get; } = new();

    /// <summary>Encoded conditions that are in use.</summary>
    public int Living => Volatile.Read(ref _living);

    public string Name => "tiny joint network";

    public IBackend Backend => backend;

    public Prediction Prediction => Prediction.Flow;

    public Shape LatentShape { get; init; } = [Channels, 4, 4];

    public GuidedRows Guide(Condition condition, Guidance guidance)
    {
        var prompt = condition as PromptCondition ?? throw new ArgumentException($"{Name} draws prompts, not {condition}.");
        var without = new PromptCondition(prompt.Negative ?? "");
        return Guidance switch
        {
            JointGuidance.Embedded => GuidedRows.Single(prompt, (float)guidance.Scale),
            JointGuidance.ThreeRows => new(
                [prompt, new PromptCondition(prompt.Text.Split(' ')[0]), without],
                [(float)guidance.Scale, 0.5f, (float)(0.5 - guidance.Scale)]),
            _ => GuidedRows.Pair(prompt, without, guidance),
        };
    }

    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions) => [.. conditions.Select(condition =>
    {
        Encoded.Enqueue(condition);
        Interlocked.Increment(ref _living);
        return new EncodedText(TinyWeights.Words(backend, ((PromptCondition)condition).Text, Hidden), () => Interlocked.Decrement(ref _living));
    })];

    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        if (latent.Rank is not (3 or 4) || latent[0] != Channels)
        {
            throw new ArgumentException($"{Name} draws latents [{Channels}, (frames,) height, width], not {latent}.");
        }

        var grid = new Shape([.. Enumerable.Range(1, latent.Rank - 1).Select(axis => latent[axis])]);
        var image = (int)grid.ElementCount;
        var text = Math.Max(1, (rows.Max(r => r.TokenCount) + Bucket - 1) / Bucket) * Bucket;
        Shape stream = [image + text, Hidden];
        var sites = new List<NetworkSite>
        {
            new(Site.Output, [image, Hidden], [image, Channels], 2 * Hidden * TimeFeatures,
                2 * Hidden * Channels * 2) { Signals = [Signal.NetworkInput] },
            new(Site.Span(0, Depth), stream, stream, 0, 0) { Signals = [Signal.ModulatedInput] },
        };
        for (var layer = 0; layer < Depth; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, 2 * 6 * Hidden * Hidden, 0));
            sites.AddRange(layer < DoubleBlocks
                ? [Attention(layer, TokenGroup.Image, image), Attention(layer, TokenGroup.Text, text), Mlp(layer, TokenGroup.Image, image),
                    Mlp(layer, TokenGroup.Text, text)]
                : [new(Site.Fused(layer), stream, stream, 4L * stream[0] * Hidden * Hidden, (10L * Hidden * Hidden) + (4L * stream[0] * Hidden))]);
        }

        return new NetworkMap(
            sites,
            [new TokenRange(TokenGroup.Image, 0, image, grid), new TokenRange(TokenGroup.Text, image, text, [text])],
            Enumerable.Range(1, Depth - 1));

        NetworkSite Attention(int layer, TokenGroup group, int tokens) => new(
            Site.Attention(layer, group), [tokens, Hidden], [tokens, Hidden], 4L * stream[0] * Hidden * Hidden,
                (4L * Hidden * Hidden) + (4L * stream[0] * Hidden))
        {
            Signals = [Signal.ValueNorms],
        };

        static NetworkSite Mlp(int layer, TokenGroup group, int tokens) =>
            new(Site.Mlp(layer, group), [tokens, Hidden], [tokens, Hidden], 0, 8L * Hidden * Hidden);
    }

    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        using var scope = TensorScope.Begin();
        var shape = input.Latents.Shape;
        var cells = input.Latents.Reshape([shape[0], Channels, input.Map.Tokens[0].Count]).Permute(0, 2, 1); // [batch, image tokens, channels]
        var output = door.GetOrCompute(
            Site.Output,
            cells.Linear(_weights["in", Hidden, Channels]),
            (image, at) =>
            {
                var rows = RowsOf(input, at);
                var stream = Tensor.Concatenate([image, TextOf(input.Map, at.NarrowRows(input.Conditions))], 1);
                var behind = RunBlocks(input, stream, rows, door).Slice(1, 0, image.Shape[1]);
                return behind.LayerNorm(Epsilon).Linear(_weights["out", Channels, Hidden]);
            },
            new SignalOffer(Signal.NetworkInput, () => cells));
        return output.ToTensor().Permute(0, 2, 1).Reshape(shape).Escape();
    }

    public void Dispose() => _weights.Dispose();

    private Tensor RunBlocks(NetworkInput input, Tensor stream, Rows rows, IFeatureDoor door) => door.GetOrCompute(
        input.Map.Blocks,
        stream,
        (all, at) => input.Parts.Count == 1 ? RunSpan(input.Parts[0], all, rows.Narrow(at), door)
            : input.Parts.Aggregate(all, (x, part) =>
                door.GetOrCompute(part, x, (h, within) => RunSpan(part, h, rows.Narrow(at).Narrow(within), door)).ToTensor()),
        new SignalOffer(Signal.ModulatedInput, () => Modulated(0, TokenGroup.Image, stream.Slice(1, 0, rows.ImageTokens), rows))).ToTensor();

    private Tensor RunSpan(Site span, Tensor stream, Rows rows, IFeatureDoor door) =>
        Enumerable.Range(span.Layer, span.Count).Aggregate(stream, (x, layer) => door.GetOrCompute(
            Site.Block(layer),
            x,
            (h, at) => at.NarrowTokens(layer < DoubleBlocks ? Double(layer, h, rows.Narrow(at), door) : Single(layer, h, rows.Narrow(at), door)))
                .ToTensor());

    // Image and text attend to both, each by weights of its own.
    private Tensor Double(int layer, Tensor stream, Rows rows, IFeatureDoor door)
    {
        var image = stream.Slice(1, 0, rows.ImageTokens);
        var text = stream.Slice(1, rows.ImageTokens, stream.Shape[1] - rows.ImageTokens);
        var forImage = door.GetOrCompute(Site.Attention(layer, TokenGroup.Image), image, (h, at) =>
            Attend(layer, TokenGroup.Image, h, at.NarrowRows(text), rows.Narrow(at), at, door));
        var forText = door.GetOrCompute(Site.Attention(layer, TokenGroup.Text), text, (h, at) =>
            Attend(layer, TokenGroup.Text, h, at.NarrowRows(image), rows.Narrow(at), at, door));
        image = AddMlp(layer, TokenGroup.Image, image.AddGated(Gate(layer, TokenGroup.Image, 2, rows), forImage), rows, door);
        text = AddMlp(layer, TokenGroup.Text, text.AddGated(Gate(layer, TokenGroup.Text, 2, rows), forText), rows, door);
        return Tensor.Concatenate([image, text], 1);
    }

    private Tensor AddMlp(int layer, TokenGroup group, Tensor x, Rows rows, IFeatureDoor door) => x.AddGated(
        Gate(layer, group, 3, rows),
        door.GetOrCompute(Site.Mlp(layer, group), x, (h, at) => at.NarrowTokens(Modulated(layer, group, h, rows.Narrow(at)))
            .Linear(_weights[$"{layer}.{group}.fc1", 2 * Hidden, Hidden], Activation.GeluTanh)
            .Linear(_weights[$"{layer}.{group}.fc2", Hidden, 2 * Hidden])));

    private Tensor Attend(int layer, TokenGroup group, Tensor own, Tensor other, Rows rows, Selection at, IFeatureDoor door)
    {
        var (image, text) = group == TokenGroup.Image ? (own, other) : (other, own);
        Tensor[] read = [Modulated(layer, TokenGroup.Image, image, rows), Modulated(layer, TokenGroup.Text, text, rows)];
        var queries = at.NarrowTokens(read[group == TokenGroup.Image ? 0 : 1]).Linear(_weights[$"{layer}.{group}.q", Hidden, Hidden]);
        var keys = Both("k");
        var values = Both("v");
        var first = group == TokenGroup.Image ? 0 : rows.ImageTokens;
        door.Offer(Site.Attention(layer, group), Signal.ValueNorms, () => values.Slice(1, first, own.Shape[1]).HeadNorms(Heads));
        return queries.AttendTo(keys, values, Heads, rows.Options(backend)).Linear(_weights[$"{layer}.{group}.proj", Hidden, Hidden]);

        Tensor Both(string name) => Tensor.Concatenate(
            [read[0].Linear(_weights[$"{layer}.Image.{name}", Hidden, Hidden]), read[1].Linear(_weights[$"{layer}.Text.{name}", Hidden, Hidden])], 1);
    }

    // Attention and feed-forward of the joint sequence side by side, one projection behind both.
    private Tensor Single(int layer, Tensor stream, Rows rows, IFeatureDoor door) => stream.AddGated(
        Gate(layer, TokenGroup.All, 2, rows),
        door.GetOrCompute(Site.Fused(layer), stream, (h, at) =>
        {
            var within = rows.Narrow(at);
            var x = Modulated(layer, TokenGroup.All, h, within);
            var wanted = at.NarrowTokens(x);
            var keys = x.Linear(_weights[$"{layer}.k", Hidden, Hidden]);
            var values = x.Linear(_weights[$"{layer}.v", Hidden, Hidden]);
            var attended = wanted.Linear(_weights[$"{layer}.q", Hidden, Hidden]).AttendTo(keys, values, Heads, within.Options(backend));
            var widened = wanted.Linear(_weights[$"{layer}.fc", 2 * Hidden, Hidden], Activation.GeluTanh);
            return Tensor.Concatenate([attended, widened], 2).Linear(_weights[$"{layer}.proj", Hidden, 3 * Hidden]);
        }));

    // shift, scale, two gates: [batch, 4 * channels]
    private Tensor Modulation(int layer, TokenGroup group, Rows rows) => rows.Vector.Linear(_weights[$"{layer}.{group}.mod", 4 * Hidden, Hidden]);

    private Tensor Modulated(int layer, TokenGroup group, Tensor x, Rows rows)
    {
        var modulation = Modulation(layer, group, rows);
        return x.ModulatedLayerNorm(modulation.Chunk(0, 4), modulation.Chunk(1, 4), Epsilon);
    }

    private Tensor Gate(int layer, TokenGroup group, int chunk, Rows rows) => Modulation(layer, group, rows).Chunk(chunk, 4);

    private Rows RowsOf(NetworkInput input, Selection at)
    {
        var times = at.NarrowRows(input.Timesteps);
        var guidance = at.NarrowRows(input.Guidance);
        float[] features = [.. times.Zip(guidance).SelectMany(row => Enumerable.Range(0, TimeFeatures).Select(i =>
            MathF.Sin((row.First * (i + 1) / 300f) + ((row.Second ?? 0) * 0.1f * i))))];
        var vector = Tensor.From(backend, features, [times.Count, TimeFeatures]).Linear(_weights["time", Hidden, TimeFeatures], Activation.Silu);
        var image = input.Map.Tokens[0].Count;
        return new Rows(vector, [.. at.NarrowRows(input.Conditions).Select(c => image + c.TokenCount)], image);
    }

    // [batch, text tokens, channels]; what texts are filled up with is arbitrary, as nobody reads it
    private Tensor TextOf(NetworkMap map, IReadOnlyList<EncodedCondition> conditions)
    {
        var text = Tensor.Full(backend, [conditions.Count, map.Tokens[1].Count, Hidden], 7);
        for (var row = 0; row < conditions.Count; row++)
        {
            var words = ((EncodedText)conditions[row]).Words;
            var flat = text.Rows(row, 1).Reshape([1, map.Tokens[1].Count * Hidden]);
            flat.Columns(0, words.Shape[0] * Hidden).CopyFromInPlace(words.Reshape([1, words.Shape[0] * Hidden]));
        }

        return text;
    }

    /// <summary>What blocks need to know of each row.</summary>
    /// <param name="Vector">Time and guidance, [batch, channels].</param>
    /// <param name="KeyCounts">Tokens of the joint sequence that are no filling.</param>
    /// <param name="ImageTokens">Those of the image, which stand first.</param>
    private sealed record Rows(Tensor Vector, IReadOnlyList<int> KeyCounts, int ImageTokens)
    {
        public Rows Narrow(Selection at) => at.Rows is null ? this : new(at.NarrowRows(Vector), at.NarrowRows(KeyCounts), ImageTokens);

        public AttentionOptions Options(IBackend backend) => new() { KeyCounts = IndexTable.From(backend, [.. KeyCounts]) };
    }

    /// <summary>A prompt: a token for each word, and one for none.</summary>
    private sealed class EncodedText(Tensor words, Action onDispose) : EncodedCondition
    {
        /// <summary>[words, channels].</summary>
        public Tensor Words => words;

        public override int TokenCount => words.Shape[0];

        public override long ByteCount => words.ByteCount;

        protected override void Dispose(bool disposing)
        {
            words.Dispose();
            onDispose();
            base.Dispose(disposing);
        }
    }
}
