using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>
/// What picture or text has of a double block. Norms of queries and keys: [headChannels]. Modulation: null where all blocks share one.
/// </summary>
internal sealed record JointGroupWeights(
    PackedLinear? Modulation, PackedLinear Qkv, Tensor QueryNorm, Tensor KeyNorm, PackedLinear Projection, JointFeedForward Mlp) : IDisposable
{
    public void Dispose()
    {
        foreach (var weight in new IDisposable?[] { Modulation, Qkv, QueryNorm, KeyNorm, Projection, Mlp })
        {
            weight?.Dispose();
        }
    }
}

/// <summary>The weights of one double block.</summary>
internal sealed record JointDoubleBlockWeights(JointGroupWeights Image, JointGroupWeights Text) : IDisposable
{
    public JointGroupWeights Of(TokenGroup group) => group == TokenGroup.Image ? Image : Text;

    public void Dispose()
    {
        Image.Dispose();
        Text.Dispose();
    }
}

/// <summary>
/// A block in which picture and text attend to each other with weights of their own: four branches, two of attention and two of feed-forward.
/// </summary>
/// <param name="sizes">What the blocks share.</param>
/// <param name="layer">Running number in the network.</param>
/// <param name="name">In the original code, for those who look at intermediates.</param>
/// <param name="weights">Disposed with this.</param>
internal sealed class JointDoubleBlock(JointSizes sizes, int layer, string name, JointDoubleBlockWeights weights) : IDisposable
{
    private int HeadCount => sizes.Heads;

    private int Layer => layer;

    private JointDoubleBlockWeights Weights => weights;

    /// <param name="x">Residual stream, [rows, tokens, channels]; the picture's tokens first.</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="wanted">Tokens whose stream is wanted.</param>
    /// <param name="door">Answers for each branch.</param>
    /// <returns>Residual stream behind the four branches, [rows, tokens or k, channels].</returns>
    public Tensor Forward(Tensor x, JointRows rows, Selection wanted, IFeatureDoor door)
    {
        // Cheap and close to the timestep: most methods have modulations computed at every call, and gates are applied outside the branches' doors.
        var image = rows.Modulations(weights.Image.Modulation, Site.Modulation(layer, TokenGroup.Image), 2, door);
        var text = rows.Modulations(weights.Text.Modulation, Site.Modulation(layer, TokenGroup.Text), 2, door);
        var joint = new JointAttention(this, image[0], text[0], rows, door);
        var ofImage = door.GetOrCompute(Site.Attention(layer, TokenGroup.Image), x, (h, at) => joint.Attend(h, at, TokenGroup.Image));
        var ofText = door.GetOrCompute(Site.Attention(layer, TokenGroup.Text), x, (h, at) => joint.Attend(h, at, TokenGroup.Text));
        var streams = new[] { Behind(TokenGroup.Image, image, ofImage), Behind(TokenGroup.Text, text, ofText) };
        door.Show($"{name}.img", streams[0]);
        door.Show($"{name}.txt", streams[1]);

        // Picture and text are wanted in different numbers by different rows, so all of it is computed and the wanted part handed on.
        return wanted.NarrowTokens(Tensor.Concatenate(streams, 1));

        Tensor Behind(TokenGroup group, JointModulation[] modulation, Feature attended)
        {
            var h = modulation[0].AddTo(rows.Part(x, group), attended);
            return modulation[1].AddTo(h, door.GetOrCompute(Site.Mlp(layer, group), h, (part, at) =>
                weights.Of(group).Mlp.Apply(modulation[1].Inside(at).Apply(part, at, sizes.Epsilon))));
        }
    }

    /// <summary>
    /// What the picture's attention reads: cheap, and a fair measure of how far the input has drifted. [rows, picture's tokens, channels].
    /// </summary>
    public Tensor ModulatedInput(Tensor x, JointRows rows) =>
        rows.Modulations(weights.Image.Modulation, Site.Modulation(layer, TokenGroup.Image), 2, ComputeEverything.Instance)[0]
            .Apply(rows.Part(x, TokenGroup.Image), sizes.Epsilon, DType.Float32);

    public void Dispose() => weights.Dispose();

    private (Tensor Q, Tensor K, Tensor V) Project(Tensor h, JointModulation modulation, JointGroupWeights group)
    {
        var qkv = modulation.Apply(h, sizes.Epsilon).Linear(group.Qkv, default, h.ActivationType); // [rows, tokens of the group, 3 · channels]
        return (qkv.Chunk(0, 3).RmsNorm(group.QueryNorm, sizes.Epsilon, sizes.Heads, h.ActivationType),
            qkv.Chunk(1, 3).RmsNorm(group.KeyNorm, sizes.Epsilon, sizes.Heads, h.ActivationType),
            qkv.Chunk(2, 3));
    }

    /// <summary>
    /// The attention that both groups take part in. Its two features are asked for apart, and where both are run for the same rows, queries, keys and
    /// values are formed once.
    /// </summary>
    private sealed class JointAttention(JointDoubleBlock block, JointModulation image, JointModulation text, JointRows rows, IFeatureDoor door)
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

        private (Tensor Q, Tensor K, Tensor V) Form(Tensor h, Selection at, JointRows mine)
        {
            if (_formed is { } known && Same(known.Rows, at.Rows))
            {
                return (known.Q, known.K, known.V);
            }

            var ofImage = block.Project(mine.Part(h, TokenGroup.Image), image.Inside(at), block.Weights.Image);
            var ofText = block.Project(mine.Part(h, TokenGroup.Text), text.Inside(at), block.Weights.Text);
            var q = mine.Turn(Tensor.Concatenate([ofImage.Q, ofText.Q], 1), block.HeadCount); // [rows, tokens, channels]
            var k = mine.Turn(Tensor.Concatenate([ofImage.K, ofText.K], 1), block.HeadCount);
            var v = Tensor.Concatenate([ofImage.V, ofText.V], 1);
            _formed = (at.Rows?.Indices.ToArray(), q, k, v);
            return (q, k, v);
        }

        private static bool Same(int[]? known, IndexTable? asked) =>
            known is null ? asked is null : asked is not null && asked.Indices.SequenceEqual(known);
    }
}
