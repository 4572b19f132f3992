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
    public static UNetRows Of(Tensor time, EncodedUNetCondition[] texts, ModulationTable table)
    {
        int[] counts = [.. texts.Select(text => text.TokenCount)];
        int longest = counts.Max(), channels = texts[0].Tokens.Shape[2];
        var keys = texts.Select(text => new ConditionKey(longest, text.Digest.AsSpan()));
        if (counts.All(count => count == longest))
        {
            return new(time, table.Of(Tensor.Concatenate([.. texts.Select(text => text.Tokens)], 0), keys), counts);
        }

        var filled = Tensor.Zeros(time.Backend, [texts.Length, longest, channels]);
        for (var row = 0; row < texts.Length; row++)
        {
            filled.Rows(row, 1).Reshape([longest, channels]).Rows(0, counts[row]).CopyFromInPlace(texts[row].Tokens.Reshape([counts[row], channels]));
        }

        return new(time, table.Of(filled, keys), counts);
    }
}
