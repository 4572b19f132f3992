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

    /// <summary>The modulations of a group's two branches in a double block.</summary>
    /// <param name="own">The block's own map; null: they are shared.</param>
    /// <param name="group">Picture or text.</param>
    public JointModulation[] Modulations(PackedLinear? own, TokenGroup group)
    {
        if (own is null)
        {
            return group == TokenGroup.Image ? Shared!.Image : Shared!.Text;
        }

        var now = JointModulation.Of(Vector, own, branches: 2);
        if (group == TokenGroup.Text || Later is not { } later)
        {
            return now;
        }

        var then = JointModulation.Of(later.Vector, own, branches: 2);
        return [.. now.Zip(then, (first, rest) => first with { Later = (later.From, rest) })];
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
    public Tensor Turn(Tensor x, int heads) => x.Rotate(Rotation.Cosines, Rotation.Sines, RotaryPairs.Interleaved, heads);

    /// <summary>Queries of some tokens [rows, k, channels], turned to their places.</summary>
    public Tensor Turn(Tensor x, IndexTable tokens, int heads)
    {
        var places = Rotation.Of(tokens);
        return x.Rotate(places.Cosines, places.Sines, RotaryPairs.Interleaved, heads);
    }
}
