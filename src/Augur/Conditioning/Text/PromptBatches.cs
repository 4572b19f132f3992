using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Augur.Tensors;

namespace Augur.Conditioning.Text;

/// <summary>What prompt encoders share: equal prompts are encoded once, some at a time.</summary>
internal static class PromptBatches
{
    /// <summary>Prompts in a batch: enough to fill the kernels, few enough that their activations stay small beside the weights.</summary>
    private const int RowsAtOnce = 4;

    /// <summary>Encodes prompts in batches of distinct ones.</summary>
    /// <param name="prompts">In any order, equal ones among them.</param>
    /// <param name="encode">Encodes some distinct ones; what it makes on the way is released.</param>
    public static IReadOnlyList<PromptEmbedding> Encode(
        IReadOnlyList<string> prompts, Func<IReadOnlyList<string>, IReadOnlyList<PromptEmbedding>> encode)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        var encoded = new Dictionary<string, PromptEmbedding>(StringComparer.Ordinal);
        foreach (var batch in prompts.Distinct(StringComparer.Ordinal).Chunk(RowsAtOnce))
        {
            using var scope = TensorScope.Begin();
            foreach (var (prompt, embedding) in batch.Zip(encode(batch)))
            {
                encoded.Add(prompt, embedding);
            }
        }

        return [.. prompts.Select(prompt => encoded[prompt])];
    }

    /// <summary>Some tokens of one row of [rows, length, channels], on the host.</summary>
    public static ImmutableArray<float> Tokens(Tensor states, int row, int start, int count)
    {
        var channels = states.Shape[2];
        using var own = states.Rows(row, 1).Reshape([states.Shape[1], channels]).Rows(start, count);
        return ImmutableCollectionsMarshal.AsImmutableArray(own.ToArray());
    }

    /// <summary>One row of [rows, channels], on the host.</summary>
    public static ImmutableArray<float> Row(Tensor vectors, int row) =>
        ImmutableCollectionsMarshal.AsImmutableArray(vectors.Rows(row, 1).ToArray());

    /// <summary>Sentences as one, without repetition; null: there is none.</summary>
    public static string? Join(params ReadOnlySpan<string?> warnings)
    {
        var given = new List<string>();
        foreach (var warning in warnings)
        {
            if (warning is not null && !given.Contains(warning))
            {
                given.Add(warning);
            }
        }

        return given.Count == 0 ? null : string.Join(' ', given);
    }
}

/// <summary>The tokens of a prompt as an encoder reads them.</summary>
/// <param name="Ids">Token numbers with begin, end and padding.</param>
/// <param name="Warning">That the prompt was cut; null: it was not.</param>
internal readonly record struct PromptRow(int[] Ids, string? Warning)
{
    /// <summary>Says that a text was cut.</summary>
    public static string? Cut(string encoder, string prompt, int tokens, int limit) => tokens <= limit ? null
        : $"{encoder} reads the first {limit} of the {tokens} tokens of \"{Shortened(prompt)}\"; what follows has no effect there.";

    private static string Shortened(string prompt)
    {
        const int Shown = 60;
        return prompt.Length <= Shown ? prompt : string.Concat(prompt.AsSpan(0, Shown), "…");
    }
}
