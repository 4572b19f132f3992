using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.PixArt;

/// <summary>What every block needs of each row.</summary>
/// <param name="Time">Embedding of the timestep, with those of the picture's size where there are any, [rows, channels].</param>
/// <param name="Modulation">What all blocks' modulations begin with, [rows, 6 · channels].</param>
/// <param name="Ones">Gate of the branches that have none, [rows, channels].</param>
/// <param name="Text">The captions, each filled up to the longest, [rows, text tokens, channels]; what cross-attention made of them is kept.</param>
/// <param name="TextCounts">Tokens of each caption.</param>
internal sealed record PixArtRows(Tensor Time, Tensor Modulation, Tensor Ones, ConditionVector Text, IReadOnlyList<int> TextCounts)
    : IBlockRows<PixArtRows>
{
    /// <inheritdoc/>
    public PixArtRows Narrow(Selection at) => at.Rows is null ? this : new(
        at.NarrowRows(Time), at.NarrowRows(Modulation), at.NarrowRows(Ones), Text.Narrow(at), at.NarrowRows(TextCounts));

    /// <summary>A table [vectors, channels] for each row, [rows, vectors · channels].</summary>
    public Tensor OfEach(Tensor table) =>
        table.Reshape([1, (int)table.Shape.ElementCount]).GatherRows(IndexTable.From(table.Backend, new int[Time.Shape[0]]));

    /// <summary>How many keys each row reads; null: all.</summary>
    public IndexTable? KeyCounts(IBackend backend) =>
        TextCounts.All(count => count == Text.Values.Shape[1]) ? null : IndexTable.From(backend, [.. TextCounts]);
}
