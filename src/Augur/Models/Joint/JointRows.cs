using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>What every block of a joint stream needs of each row, narrowed with the rows that a site is run for.</summary>
/// <param name="Vector">What every modulation begins with: SiLU of timestep, guidance, pooled text.</param>
/// <param name="Keys">How many tokens of each row are attended to, from the first: the picture's and the text's without what fills it up.</param>
/// <param name="Rotation">Places.</param>
/// <param name="ImageTokens">Tokens of the picture, with those of pictures that are referred to.</param>
internal sealed record JointRows(ConditionVector Vector, IReadOnlyList<int> Keys, JointRotation Rotation, int ImageTokens) : IBlockRows<JointRows>
{
    /// <summary>The modulations that blocks without their own use; null where each has its own.</summary>
    public SharedModulation? Shared { get; init; }

    /// <summary>The vector of the picture's tokens from a position on, where those stand at another time; null: at the same.</summary>
    public (int From, ConditionVector Vector)? Later { get; init; }

    /// <summary>The selected rows.</summary>
    public JointRows Narrow(Selection at) => at.Rows is null ? this : this with
    {
        Vector = Vector.Narrow(at),
        Keys = at.NarrowRows(Keys),
        Rotation = Rotation.Narrow(at),
        Shared = Shared?.Narrow(at),
        Later = Later is { } later ? (later.From, later.Vector.Narrow(at)) : null,
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

        var rows = Vector.Values.Shape[0];
        var later = site.Group == TokenGroup.Image ? Later : null;
        ConditionVector[] times = later is null ? [Vector] : [Vector, later.Value.Vector];
        var m = door.GetOrCompute(
            site, OfTimes(vector => vector.Values), (vectors, at) => at.Tokens is null
                ? OfTimes(vector => vector.Narrow(at).Linear(own)) : at.NarrowTokens(vectors).Linear(own)).ToTensor();
        var first = JointModulation.Of(At(0), branches);
        return later is null ? first
            : [.. first.Zip(JointModulation.Of(At(1), branches), (one, rest) => one with { Later = (later.Value.From, rest) })];

        // Of each time [rows, columns] → [rows, times, columns]
        Tensor OfTimes(Func<ConditionVector, Tensor> of)
        {
            Tensor[] each = [.. times.Select(of)];
            Tensor[] apart = Array.ConvertAll(each, one => one.Reshape([one.Shape[0], 1, one.Shape[1]]));
            return apart.Length == 1 ? apart[0] : Tensor.Concatenate(apart, 1);
        }

        // [rows, times, 3 · branches · channels] → [rows, 3 · branches · channels]
        Tensor At(int time) => (m.Shape[1] == 1 ? m : m.Slice(1, time, 1)).Reshape([rows, m.Shape.Columns]);
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
