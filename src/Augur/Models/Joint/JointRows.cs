using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>What every block of a joint stream needs of each row, narrowed with the rows that a site is run for.</summary>
/// <param name="Vector">What every modulation begins with: SiLU of timestep, guidance, pooled text, [rows, channels].</param>
/// <param name="Keys">How many tokens of each row are attended to, from the first: the picture's and the text's without what fills it up.</param>
/// <param name="Rotation">Places.</param>
/// <param name="ImageTokens">Tokens of the picture, with those of pictures that are referred to.</param>
internal sealed record JointRows(Tensor Vector, IReadOnlyList<int> Keys, JointRotation Rotation, int ImageTokens) : IBlockRows<JointRows>
{
    /// <summary>The modulations that blocks without their own use; null where each has its own.</summary>
    public SharedModulation? Shared { get; init; }

    /// <summary>The vector of the picture's tokens from a position on, where those stand at another time; null: at the same.</summary>
    public (int From, Tensor Vector)? Later { get; init; }

    /// <summary>The selected rows.</summary>
    public JointRows Narrow(Selection at) => at.Rows is null ? this : this with
    {
        Vector = at.NarrowRows(Vector),
        Keys = at.NarrowRows(Keys),
        Rotation = Rotation.Narrow(at),
        Shared = Shared?.Narrow(at),
        Later = Later is { } later ? (later.From, at.NarrowRows(later.Vector)) : null,
    };

    /// <summary>The modulations of a group's branches in a block, which are asked for where the block has its own.</summary>
    /// <param name="own">The block's own map; null: they are shared.</param>
    /// <param name="site">Where.</param>
    /// <param name="branches">How many.</param>
    /// <param name="door">Answers.</param>
    public JointModulation[] Modulations(PackedLinear? own, Site site, int branches, IFeatureDoor door)
    {
        if (own is null)
        {
            return site.Group switch
            {
                TokenGroup.Image => Shared!.Image,
                TokenGroup.Text => Shared!.Text,
                _ => [Shared!.Single],
            };
        }

        int rows = Vector.Shape[0], channels = Vector.Shape[1];
        var now = Vector.Reshape([rows, 1, channels]);
        var later = site.Group == TokenGroup.Image ? Later : null;
        var times = later is null ? now : Tensor.Concatenate([now, later.Value.Vector.Reshape([rows, 1, channels])], 1);
        var m = door.GetOrCompute(site, times, (vectors, at) => at.NarrowTokens(vectors).Linear(own)).ToTensor();
        var first = JointModulation.Of(At(0), branches);
        return later is null ? first
            : [.. first.Zip(JointModulation.Of(At(1), branches), (one, rest) => one with { Later = (later.Value.From, rest) })];

        // [rows, times, 3 · branches · channels] → [rows, 3 · branches · channels]
        Tensor At(int time) => (m.Shape[1] == 1 ? m : m.Slice(1, time, 1)).Reshape([rows, 3 * branches * channels]);
    }

    /// <summary>A group's tokens of a stream [rows, tokens, channels].</summary>
    public Tensor Part(Tensor stream, TokenGroup group) => group == TokenGroup.Image
        ? stream.Slice(1, 0, ImageTokens)
        : stream.Slice(1, ImageTokens, stream.Shape[1] - ImageTokens);

    /// <summary>Attention of queries to the keys that are there.</summary>
    public Tensor Attend(Tensor queries, Tensor keys, Tensor values, int heads) => CountedKeys.Attend(queries, keys, values, heads, Keys);

    /// <summary>How much each token is read by all that are there, [rows, tokens]; what fills a text up is not read.</summary>
    public Tensor Received(Tensor queries, Tensor keys, int heads) => CountedKeys.Received(queries, keys, heads, Keys);

    /// <summary>Queries or keys of all tokens, turned to their places: [rows, tokens, channels].</summary>
    public Tensor Turn(Tensor x, int heads) =>
        x.Rotate(Rotation.Cosines, Rotation.Sines, RotaryPairs.Interleaved, heads, x.ActivationType);

    /// <summary>Queries of some tokens [rows, k, channels], turned to their places.</summary>
    public Tensor Turn(Tensor x, IndexTable tokens, int heads)
    {
        var places = Rotation.Of(tokens);
        return x.Rotate(places.Cosines, places.Sines, RotaryPairs.Interleaved, heads, x.ActivationType);
    }
}
