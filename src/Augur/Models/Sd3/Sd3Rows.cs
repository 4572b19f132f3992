using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Sd3;

/// <summary>What every block needs of each row.</summary>
/// <param name="Vector">SiLU of timestep and pooled text: what every modulation begins with.</param>
/// <param name="Keys">How many tokens of each row are attended to, from the first: the picture's and the text's without what fills it up.</param>
/// <param name="Skips">Which blocks each row leaves out.</param>
/// <param name="ImageTokens">Tokens of the picture.</param>
internal sealed record Sd3Rows(ConditionVector Vector, IReadOnlyList<int> Keys, IReadOnlyList<IReadOnlyCollection<int>> Skips, int ImageTokens)
    : IBlockRows<Sd3Rows>
{
    /// <inheritdoc/>
    public Sd3Rows Narrow(Selection at) => at.Rows is null ? this
        : this with { Vector = Vector.Narrow(at), Keys = at.NarrowRows(Keys), Skips = at.NarrowRows(Skips) };

    /// <summary>A group's tokens of a stream [rows, tokens, channels].</summary>
    public Tensor Part(Tensor stream, TokenGroup group) => group == TokenGroup.Image
        ? stream.Slice(1, 0, ImageTokens)
        : stream.Slice(1, ImageTokens, stream.Shape[1] - ImageTokens);

    /// <summary>The rows that leave a block out.</summary>
    public int[] Skipping(int layer) => [.. Enumerable.Range(0, Skips.Count).Where(row => Skips[row].Contains(layer))];
}
