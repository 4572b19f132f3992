using System.Collections.Immutable;
using Augur.Conditioning;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>Makes of texts, and of pictures that they refer to, what rows need. Neither depends on the timestep: both are embedded once.</summary>
internal static class JointText
{
    /// <summary>The encoded conditions, in order; the caller disposes them.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="texts">Of the conditions.</param>
    /// <param name="conditions">The conditions themselves, for the pictures they refer to.</param>
    /// <param name="gridOf">Tokens of a latent [channels, height, width]; throws where it is not the network's.</param>
    /// <param name="side">Of a token, in latent cells.</param>
    /// <param name="text">Embeds a text: [1, tokens, its channels] → [1, tokens, channels].</param>
    /// <param name="image">Embeds a picture's tokens.</param>
    /// <param name="pooled">Embeds the vector of the whole text: [1, its channels] → [1, channels]; null: the network takes none.</param>
    public static IReadOnlyList<EncodedCondition> Encode(
        IBackend backend,
        IReadOnlyList<PromptEmbedding> texts,
        IReadOnlyList<Condition> conditions,
        Func<Shape, Shape> gridOf,
        int side,
        Func<Tensor, Tensor> text,
        PackedLinear image,
        Func<Tensor, Tensor>? pooled = null)
    {
        return [.. texts.Zip(conditions, One)];

        JointCondition One(PromptEmbedding words, Condition condition)
        {
            using var scope = TensorScope.Begin();
            var tokens = text(Tensor.From(backend, words.Tokens.AsSpan(), [1, words.TokenCount, words.Channels]));
            ImmutableArray<ReferenceLatent> references = condition is EditCondition edit ? edit.References : [];
            Tensor[] pictures = [.. references.Select(Picture)];
            return new JointCondition(
                tokens.Retain(),
                pooled?.Invoke(Tensor.From(backend, words.Pooled.AsSpan(), [1, words.Pooled.Length])).Retain(),
                references: pictures.Length == 0 ? null : Tensor.Concatenate(pictures, 1).Retain(),
                grids: [.. references.Select(r => gridOf(r.Shape))])
            {
                PooledText = pooled is null ? [] : words.Pooled,
            };
        }

        Tensor Picture(ReferenceLatent latent)
        {
            _ = gridOf(latent.Shape);
            Shape row = [1, latent.Shape[0], latent.Shape[1], latent.Shape[2]];
            return JointStream.Pack(Tensor.From(backend, latent.Values.AsSpan(), row), side).Linear(image);
        }
    }

    /// <summary>Tokens of the pictures to which the rows of a sample refer; they refer to the same ones.</summary>
    /// <exception cref="ArgumentException">They refer to different numbers of tokens.</exception>
    public static int ReferenceTokens(string network, IReadOnlyList<EncodedCondition> rows)
    {
        int[] counts = [.. rows.OfType<JointCondition>().Select(row => row.ReferenceTokens).Distinct()];
        return counts.Length > 1
            ? throw new ArgumentException($"{network}: the rows of a sample refer to pictures of {counts[0]} and of {counts[1]} tokens.")
            : counts.FirstOrDefault();
    }
}
