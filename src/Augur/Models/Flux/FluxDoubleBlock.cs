using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Flux;

/// <summary>What picture or text has of a double block. Norms of queries and keys: [headChannels].</summary>
internal sealed record FluxGroupWeights(
    PackedLinear Modulation,
    PackedLinear Qkv,
    Tensor QueryNorm,
    Tensor KeyNorm,
    PackedLinear Projection,
    PackedLinear Mlp1,
    PackedLinear Mlp2) : IDisposable
{
    public void Dispose()
    {
        foreach (var weight in new IDisposable[] { Modulation, Qkv, QueryNorm, KeyNorm, Projection, Mlp1, Mlp2 })
        {
            weight.Dispose();
        }
    }
}

/// <summary>The weights of one double block.</summary>
internal sealed record FluxDoubleBlockWeights(FluxGroupWeights Image, FluxGroupWeights Text) : IDisposable
{
    public FluxGroupWeights Of(TokenGroup group) => group == TokenGroup.Image ? Image : Text;

    public void Dispose()
    {
        Image.Dispose();
        Text.Dispose();
    }
}

/// <summary>
/// A block in which picture and text attend to each other with weights of their own: four branches, two of attention and two of feed-forward.
/// </summary>
internal sealed class FluxDoubleBlock(FluxConfig config, int layer, FluxDoubleBlockWeights weights) : IDisposable
{
    /// <param name="x">Residual stream, [rows, tokens, channels]; the picture's tokens first.</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="wanted">Tokens whose stream is wanted.</param>
    /// <param name="door">Answers for each branch.</param>
    /// <returns>Residual stream behind the four branches, [rows, tokens or k, channels].</returns>
    public Tensor Forward(Tensor x, FluxRows rows, Selection wanted, IFeatureDoor door)
    {
        // Cheap and close to the timestep: modulations are computed at every call, and gates are applied outside the door.
        var image = FluxModulation.Of(rows.Vector, weights.Image.Modulation, branches: 2);
        var text = FluxModulation.Of(rows.Vector, weights.Text.Modulation, branches: 2);
        var joint = new JointAttention(this, image[0], text[0], rows, door);
        var ofImage = door.GetOrCompute(Site.Attention(layer, TokenGroup.Image), x, (h, at) => joint.Attend(h, at, TokenGroup.Image));
        var ofText = door.GetOrCompute(Site.Attention(layer, TokenGroup.Text), x, (h, at) => joint.Attend(h, at, TokenGroup.Text));
        var streams = new[] { Behind(TokenGroup.Image, image, ofImage), Behind(TokenGroup.Text, text, ofText) };
        door.Show($"double_blocks.{layer}.img", streams[0]);
        door.Show($"double_blocks.{layer}.txt", streams[1]);

        // Picture and text are wanted in different numbers by different rows, so all of it is computed and the wanted part handed on.
        return wanted.NarrowTokens(Tensor.Concatenate(streams, 1));

        Tensor Behind(TokenGroup group, FluxModulation[] modulation, Feature attended)
        {
            var h = rows.Part(x, group).AddGated(modulation[0].Gate, attended);
            return h.AddGated(modulation[1].Gate, door.GetOrCompute(Site.Mlp(layer, group), h, (part, at) =>
                FeedForward(modulation[1].Narrow(at).Apply(at.NarrowTokens(part)), group)));
        }
    }

    /// <summary>
    /// What the picture's attention reads: cheap, and a fair measure of how far the input has drifted. [rows, picture's tokens, channels].
    /// </summary>
    public Tensor ModulatedInput(Tensor x, FluxRows rows) =>
        FluxModulation.Of(rows.Vector, weights.Image.Modulation, branches: 2)[0].Apply(rows.Part(x, TokenGroup.Image));

    public void Dispose() => weights.Dispose();

    private Tensor FeedForward(Tensor h, TokenGroup group) => h.Linear(weights.Of(group).Mlp1, Activation.GeluTanh).Linear(weights.Of(group).Mlp2);

    /// <summary>
    /// The attention that both groups take part in. Its two features are asked for apart, and where both are run for the same rows, queries, keys and
    /// values are formed once.
    /// </summary>
    private sealed class JointAttention(FluxDoubleBlock block, FluxModulation image, FluxModulation text, FluxRows rows, IFeatureDoor door)
    {
        private (int[]? Rows, Tensor Q, Tensor K, Tensor V)? _formed; // lives in the block's scope

        public Tensor Attend(Tensor h, Selection at, TokenGroup group)
        {
            var heads = block.HeadCount;
            var mine = rows.Narrow(at);
            var (q, k, v) = Form(h, at, mine);
            var site = Site.Attention(block.Layer, group);
            door.Offer(site, Signal.AttentionReceived, () => OfGroup(mine.Received(q, k, heads), group, mine.ImageTokens));
            door.Offer(site, Signal.ValueNorms, () => mine.Part(v, group).HeadNorms(heads));
            var queries = at.NarrowTokens(mine.Part(q, group));
            return mine.Attend(queries, k, v, heads).Linear(block.Weights.Of(group).Projection);
        }

        // Per token [rows, tokens] → those of a group.
        private static Tensor OfGroup(Tensor perToken, TokenGroup group, int imageTokens) => group == TokenGroup.Image
            ? perToken.Columns(0, imageTokens) : perToken.Columns(imageTokens, perToken.Shape[1] - imageTokens);

        private (Tensor Q, Tensor K, Tensor V) Form(Tensor h, Selection at, FluxRows mine)
        {
            if (_formed is { } known && Same(known.Rows, at.Rows))
            {
                return (known.Q, known.K, known.V);
            }

            var ofImage = block.Project(mine.Part(h, TokenGroup.Image), image.Narrow(at), block.Weights.Image);
            var ofText = block.Project(mine.Part(h, TokenGroup.Text), text.Narrow(at), block.Weights.Text);
            var q = mine.Turn(Tensor.Concatenate([ofImage.Q, ofText.Q], 1), block.HeadCount); // [rows, tokens, channels]
            var k = mine.Turn(Tensor.Concatenate([ofImage.K, ofText.K], 1), block.HeadCount);
            var v = Tensor.Concatenate([ofImage.V, ofText.V], 1);
            _formed = (at.Rows?.Indices.ToArray(), q, k, v);
            return (q, k, v);
        }

        private static bool Same(int[]? known, IndexTable? asked) =>
            known is null ? asked is null : asked is not null && asked.Indices.SequenceEqual(known);
    }

    private int HeadCount => config.HeadCount;

    private int Layer => layer;

    private FluxDoubleBlockWeights Weights => weights;

    private (Tensor Q, Tensor K, Tensor V) Project(Tensor h, FluxModulation modulation, FluxGroupWeights group)
    {
        var qkv = modulation.Apply(h).Linear(group.Qkv); // [rows, tokens of the group, 3 · channels]
        return (qkv.Chunk(0, 3).RmsNorm(group.QueryNorm, FluxConfig.NormEpsilon, config.HeadCount),
            qkv.Chunk(1, 3).RmsNorm(group.KeyNorm, FluxConfig.NormEpsilon, config.HeadCount),
            qkv.Chunk(2, 3));
    }
}
