using System.Collections.Immutable;

namespace Augur.Conditioning;

/// <summary>
/// A text that was encoded elsewhere: what a text encoder gives for each of its tokens, and what another gives for the whole. For networks that
/// are conditioned on text while no encoder of theirs is loaded.
/// </summary>
public sealed record PromptEmbedding : Condition
{
    /// <summary>Checks that the numbers make whole tokens.</summary>
    /// <param name="tokens">[tokens, channels], channels fastest.</param>
    /// <param name="channels">Channels of a token.</param>
    /// <param name="pooled">The vector of the whole text; empty for networks that take none.</param>
    /// <exception cref="ArgumentException">There is no token, or a part of one is left over.</exception>
    public PromptEmbedding(ImmutableArray<float> tokens, int channels, ImmutableArray<float> pooled)
    {
        (Tokens, Channels, Pooled) = (tokens, channels, pooled);
        if (channels < 1 || tokens.IsDefaultOrEmpty || tokens.Length % channels != 0)
        {
            var count = tokens.IsDefault ? 0 : tokens.Length;
            throw new ArgumentException($"PromptEmbedding: {count} numbers are no tokens of {channels} channels each; there is one token at least.");
        }
    }

    /// <summary>[tokens, channels], channels fastest.</summary>
    public ImmutableArray<float> Tokens { get; }

    /// <summary>Channels of a token.</summary>
    public int Channels { get; }

    /// <summary>The vector of the whole text.</summary>
    public ImmutableArray<float> Pooled { get; }

    /// <summary>
    /// What takes the place of this text in guidance; null: there is none, and only guidance 1 is possible where two rows are compared.
    /// </summary>
    public PromptEmbedding? Negative { get; init; }

    /// <summary>What the user should know of how the text was encoded, such as that it was cut; null: nothing. Not part of equality.</summary>
    public string? Warning { get; init; }

    /// <summary>Tokens of the text.</summary>
    public int TokenCount => Tokens.Length / Channels;

    /// <inheritdoc/>
    public bool Equals(PromptEmbedding? other) => other is not null && Channels == other.Channels
        && Tokens.AsSpan().SequenceEqual(other.Tokens.AsSpan())
        && Pooled.AsSpan().SequenceEqual(other.Pooled.AsSpan())
        && Equals(Negative, other.Negative);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Tokens.Length, Channels, Tokens[0], Tokens[^1], Pooled.Length);

    /// <summary>For messages.</summary>
    public override string ToString() => $"an embedded text of {TokenCount} tokens";
}
