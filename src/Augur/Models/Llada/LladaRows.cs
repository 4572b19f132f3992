using Augur.Caching;
using Augur.Conditioning.Text;
using Augur.Tensors;

namespace Augur.Models.Llada;

/// <summary>What the layers need of each row, narrowed with the rows that a site is run for.</summary>
/// <param name="Counts">Tokens of each row that are there: the response's, then the prompt's own.</param>
/// <param name="Places">Of all tokens, [rows, tokens, pairs].</param>
internal sealed record LladaRows(IReadOnlyList<int> Counts, DecoderRotation Places) : IBlockRows<LladaRows>
{
    /// <inheritdoc/>
    public LladaRows Narrow(Selection at) => at.Rows is null ? this
        : new(at.NarrowRows(Counts), new(at.NarrowRows(Places.Cosines), at.NarrowRows(Places.Sines)));

    /// <summary>Places of some tokens; null: of all.</summary>
    public DecoderRotation At(IndexTable? tokens) => tokens is null ? Places
        : new(Places.Cosines.GatherTokens(tokens), Places.Sines.GatherTokens(tokens));

    /// <summary>How many keys each row has; null: all that there are.</summary>
    public IndexTable? KeyCounts(IBackend backend) =>
        Counts.All(count => count == Places.Cosines.Shape[1]) ? null : IndexTable.From(backend, [.. Counts]);
}
