using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>What every layer needs of each row, narrowed with the rows that a site is run for.</summary>
/// <param name="Time">SiLU of the timestep's vector, with which every residual block begins: [rows, channels].</param>
/// <param name="Text">
/// Texts, filled up with zeros that nobody attends to: [rows, tokens, channels]; what cross-attention made of them is kept.
/// </param>
/// <param name="TextCounts">Tokens of each text.</param>
internal sealed record UNetRows(Tensor Time, ConditionVector Text, IReadOnlyList<int> TextCounts)
{
    /// <summary>The selected rows.</summary>
    public UNetRows Narrow(Selection at) =>
        at.Rows is null ? this : new(at.NarrowRows(Time), Text.Narrow(at), at.NarrowRows(TextCounts));

    /// <summary>Attention to the tokens of the texts that are there.</summary>
    public Tensor AttendToText(Tensor queries, Tensor keys, Tensor values, int heads)
    {
        var isFull = TextCounts.All(count => count == Text.Values.Shape[1]);
        return queries.AttendTo(
            keys, values, heads, new(KeyCounts: isFull ? null : IndexTable.From(queries.Backend, [.. TextCounts])), queries.ActivationType);
    }

    /// <summary>Texts of different lengths as one tensor.</summary>
    /// <param name="time">SiLU of the timestep's vector, [rows, channels].</param>
    /// <param name="texts">One per row.</param>
    /// <param name="table">Of the network.</param>
    public static UNetRows Of(Tensor time, EncodedUNetCondition[] texts, ModulationTable table) =>
        new(time, table.OfTexts([.. texts.Select(text => (text.Tokens, text.Digest))]), [.. texts.Select(text => text.TokenCount)]);
}
