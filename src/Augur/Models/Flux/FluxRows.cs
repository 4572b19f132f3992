using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Flux;

/// <summary>What every block needs of each row, narrowed with the rows that a site is run for.</summary>
/// <param name="Vector">SiLU of timestep, guidance and pooled text, [rows, channels]: what every modulation begins with.</param>
/// <param name="Keys">How many tokens of each row are attended to, from the first: the picture's and the text's without what fills it up.</param>
/// <param name="Rotation">Of all rows alike.</param>
/// <param name="ImageTokens">Tokens of the picture.</param>
internal sealed record FluxRows(Tensor Vector, IReadOnlyList<int> Keys, FluxRotation Rotation, int ImageTokens)
{
    /// <summary>The selected rows.</summary>
    public FluxRows Narrow(Selection at) => at.Rows is null ? this : this with { Vector = at.NarrowRows(Vector), Keys = at.NarrowRows(Keys) };

    /// <summary>A group's tokens of a stream [rows, tokens, channels].</summary>
    public Tensor Part(Tensor stream, TokenGroup group) => group == TokenGroup.Image
        ? stream.Slice(1, 0, ImageTokens)
        : stream.Slice(1, ImageTokens, stream.Shape[1] - ImageTokens);

    /// <summary>Attention of queries to the keys that are there.</summary>
    public Tensor Attend(Tensor queries, Tensor keys, Tensor values, int heads)
    {
        var isFull = Keys.All(count => count == keys.Shape[1]);
        return queries.AttendTo(keys, values, heads, new AttentionOptions(KeyCounts: isFull ? null : IndexTable.From(queries.Backend, [.. Keys])));
    }

    /// <summary>How much each token is read by all that are there, [rows, tokens]; what fills a text up is not read.</summary>
    public Tensor Received(Tensor queries, Tensor keys, int heads)
    {
        if (Keys.All(count => count == keys.Shape[1]))
        {
            return queries.AttentionColumnSums(keys, heads);
        }

        var received = Tensor.Zeros(queries.Backend, [queries.Shape[0], keys.Shape[1]]);
        for (var row = 0; row < queries.Shape[0]; row++)
        {
            var sums = queries.Rows(row, 1).Slice(1, 0, Keys[row]).AttentionColumnSums(keys.Rows(row, 1).Slice(1, 0, Keys[row]), heads);
            received.Rows(row, 1).Columns(0, Keys[row]).CopyFromInPlace(sums);
        }

        return received;
    }

    /// <summary>Queries or keys of all tokens, turned to their places: [rows, tokens, channels].</summary>
    public Tensor Turn(Tensor x, int heads) => x.Rotate(Rotation.Cosines, Rotation.Sines, RotaryPairs.Interleaved, heads);

    /// <summary>Queries of some tokens [rows, k, channels], turned to their places.</summary>
    public Tensor Turn(Tensor x, IndexTable tokens, int heads)
    {
        Shape all = [checked((int)tokens.Shape.ElementCount)];
        Shape angles = [tokens.Shape[0], tokens.Shape[1], Rotation.Cosines.Shape[1]];
        var places = tokens.Tensor.Reshape(all);
        return x.Rotate(
            Rotation.Cosines.GatherRows(places).Reshape(angles), Rotation.Sines.GatherRows(places).Reshape(angles), RotaryPairs.Interleaved, heads);
    }
}
