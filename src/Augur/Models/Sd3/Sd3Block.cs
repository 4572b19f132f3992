using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Sd3;

/// <summary>
/// A block in which picture and text attend to each other with weights of their own. In some the picture attends to itself besides; in the last the
/// text serves as keys and values only, and leaves it as it came.
/// </summary>
internal sealed class Sd3Block(Sd3Config config, int layer, Sd3BlockWeights weights) : IDisposable
{
    private const int PlainVectors = 6; // shift, scale, gate of attention and of feed-forward
    private const int DualVectors = 9; // and of the second attention
    private const int KeyVectors = 2; // shift and scale alone
    private readonly PackedLinear? _keysOfText = config.IsLast(layer)
        ? weights.Text.Attention.Qkv.Slice(config.HiddenSize, 2 * config.HiddenSize) : null;

    private int ImageVectors => config.IsDual(layer) ? DualVectors : PlainVectors;

    /// <param name="x">Residual stream, [rows, tokens, channels]; the picture's tokens first.</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="wanted">Tokens whose stream is wanted.</param>
    /// <param name="door">Answers for each branch.</param>
    /// <returns>Residual stream behind the branches, [rows, tokens or k, channels].</returns>
    public Tensor Forward(Tensor x, Sd3Rows rows, Selection wanted, IFeatureDoor door)
    {
        var (image, text) = (rows.Vector.Linear(weights.Image.Modulation), rows.Vector.Linear(weights.Text.Modulation));
        var joint = new JointAttention(this, AdaLn.Of(image, 0, ImageVectors), OfText(text), rows, door);
        var ofImage = door.GetOrCompute(Site.Attention(layer, TokenGroup.Image), x, (h, at) => joint.Attend(h, at, TokenGroup.Image));
        var pictures = rows.Part(x, TokenGroup.Image);
        var texts = rows.Part(x, TokenGroup.Text);
        if (!config.IsLast(layer))
        {
            var ofText = door.GetOrCompute(Site.Attention(layer, TokenGroup.Text), x, (h, at) => joint.Attend(h, at, TokenGroup.Text));
            texts = WithMlp(texts.AddGated(AdaLn.Of(text, 0, PlainVectors).Gate, ofText), text, PlainVectors, TokenGroup.Text, door);
            door.Show($"joint_blocks.{layer}.context", texts);
        }

        var behind = pictures.AddGated(AdaLn.Of(image, 0, ImageVectors).Gate, ofImage);
        if (config.IsDual(layer))
        {
            var second = AdaLn.Of(image, PlainVectors, DualVectors);
            behind = behind.AddGated(second.Gate, door.GetOrCompute(Site.SecondAttention(layer, TokenGroup.Image), pictures, (h, at) =>
                AttendToItself(second.Narrow(at).Apply(h, Sd3Config.NormEpsilon), at, door)));
        }

        behind = WithMlp(behind, image, ImageVectors, TokenGroup.Image, door);
        door.Show($"joint_blocks.{layer}.x", behind);

        // Picture and text are wanted in different numbers by different rows, so all of it is computed and the wanted part handed on.
        return wanted.NarrowTokens(Tensor.Concatenate([behind, texts], 1));
    }

    /// <summary>
    /// What the picture's attention reads: cheap, and a fair measure of how far the input has drifted. [rows, picture's tokens, channels].
    /// </summary>
    public Tensor ModulatedInput(Tensor x, Sd3Rows rows) => AdaLn.Of(rows.Vector.Linear(weights.Image.Modulation), 0, ImageVectors)
        .Apply(rows.Part(x, TokenGroup.Image), Sd3Config.NormEpsilon, DType.Float32);

    public void Dispose()
    {
        _keysOfText?.Dispose();
        weights.Dispose();
    }

    // Where the text serves as keys only, its modulation has no gate; the shift stands in its place and is not read.
    private AdaLn OfText(Tensor modulation) => config.IsLast(layer)
        ? new(modulation.Chunk(0, KeyVectors), modulation.Chunk(1, KeyVectors), modulation.Chunk(0, KeyVectors))
        : AdaLn.Of(modulation, 0, PlainVectors);

    private Tensor WithMlp(Tensor h, Tensor modulation, int vectors, TokenGroup group, IFeatureDoor door)
    {
        var (forMlp, own) = (AdaLn.Of(modulation, PlainVectors / 2, vectors), weights.Of(group));
        return h.AddGated(forMlp.Gate, door.GetOrCompute(Site.Mlp(layer, group), h, (part, at) =>
            own.Mlp!.Apply(forMlp.Narrow(at).Apply(at.NarrowTokens(part), Sd3Config.NormEpsilon))));
    }

    private Tensor AttendToItself(Tensor h, Selection at, IFeatureDoor door)
    {
        var second = weights.Image.Second!;
        var (q, k, v) = Project(h, second);
        door.Offer(Site.SecondAttention(layer, TokenGroup.Image), Signal.AttentionReceived, () => q.AttentionColumnSums(k, config.HeadCount));
        door.Offer(Site.SecondAttention(layer, TokenGroup.Image), Signal.ValueNorms, () => v.HeadNorms(config.HeadCount));
        return at.NarrowTokens(q).AttendTo(k, v, config.HeadCount, default, q.ActivationType).Linear(second.Projection!);
    }

    private (Tensor Q, Tensor K, Tensor V) Project(Tensor h, Sd3AttentionWeights attention)
    {
        var qkv = h.Linear(attention.Qkv, default, h.ActivationType); // [rows, tokens, 3 · channels]
        return (Normed(qkv.Chunk(0, 3), attention.QueryNorm), Normed(qkv.Chunk(1, 3), attention.KeyNorm), qkv.Chunk(2, 3));
    }

    // Of the last block's text, which has no queries.
    private (Tensor K, Tensor V) KeysOfText(Tensor h)
    {
        if (_keysOfText is null)
        {
            var (_, k, v) = Project(h, weights.Text.Attention);
            return (k, v);
        }

        var kv = h.Linear(_keysOfText, default, h.ActivationType); // [rows, tokens, 2 · channels]
        return (Normed(kv.Chunk(0, 2), weights.Text.Attention.KeyNorm), kv.Chunk(1, 2));
    }

    private Tensor Normed(Tensor x, Tensor? norm) => norm is null ? x : x.RmsNorm(norm, Sd3Config.NormEpsilon, config.HeadCount, x.ActivationType);

    /// <summary>
    /// The attention that both groups take part in. Its features are asked for apart, and where both are run for the same rows, queries, keys and
    /// values are formed once.
    /// </summary>
    private sealed class JointAttention(Sd3Block block, AdaLn image, AdaLn text, Sd3Rows rows, IFeatureDoor door)
    {
        private (int[]? Rows, Tensor Q, Tensor K, Tensor V)? _formed; // lives in the block's scope; queries of the last block are the picture's alone

        private bool IsLast => block.Configuration.IsLast(block.Layer);

        public Tensor Attend(Tensor h, Selection at, TokenGroup group)
        {
            var heads = block.Configuration.HeadCount;
            var mine = rows.Narrow(at);
            var (q, k, v) = Form(h, at, mine);
            var site = Site.Attention(block.Layer, group);
            door.Offer(site, Signal.AttentionReceived, () => OfGroup(CountedKeys.Received(q, k, heads, mine.Keys), group, mine.ImageTokens));
            door.Offer(site, Signal.ValueNorms, () => mine.Part(v, group).HeadNorms(heads));
            var queries = at.NarrowTokens(IsLast ? q : mine.Part(q, group));
            return CountedKeys.Attend(queries, k, v, heads, mine.Keys).Linear(block.Weights.Of(group).Attention.Projection!);
        }

        // Per token [rows, tokens] → those of a group.
        private static Tensor OfGroup(Tensor perToken, TokenGroup group, int imageTokens) => group == TokenGroup.Image
            ? perToken.Columns(0, imageTokens) : perToken.Columns(imageTokens, perToken.Shape[1] - imageTokens);

        private (Tensor Q, Tensor K, Tensor V) Form(Tensor h, Selection at, Sd3Rows mine)
        {
            if (_formed is { } known && Same(known.Rows, at.Rows))
            {
                return (known.Q, known.K, known.V);
            }

            var ofImage = block.Project(
                image.Narrow(at).Apply(mine.Part(h, TokenGroup.Image), Sd3Config.NormEpsilon), block.Weights.Image.Attention);
            var textRead = text.Narrow(at).Apply(mine.Part(h, TokenGroup.Text), Sd3Config.NormEpsilon);
            var (q, (k, v)) = (ofImage.Q, IsLast ? block.KeysOfText(textRead) : default);
            if (!IsLast)
            {
                (var queries, k, v) = block.Project(textRead, block.Weights.Text.Attention);
                q = Tensor.Concatenate([q, queries], 1); // [rows, tokens, channels]
            }

            (k, v) = (Tensor.Concatenate([ofImage.K, k], 1), Tensor.Concatenate([ofImage.V, v], 1));
            _formed = (at.Rows?.Indices.ToArray(), q, k, v);
            return (q, k, v);
        }

        private static bool Same(int[]? known, IndexTable? asked) =>
            known is null ? asked is null : asked is not null && asked.Indices.SequenceEqual(known);
    }

    private Sd3Config Configuration => config;

    private int Layer => layer;

    private Sd3BlockWeights Weights => weights;
}
