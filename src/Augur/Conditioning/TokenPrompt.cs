using System.Collections.Immutable;

namespace Augur.Conditioning;

/// <summary>The beginning of a text as the numbers of its tokens, for models that write on.</summary>
/// <param name="Tokens">At least one where the model asks for one; empty: nothing is given.</param>
public sealed record TokenPrompt(ImmutableArray<int> Tokens) : Condition
{
    /// <summary>The tokens; empty: nothing is given.</summary>
    public ImmutableArray<int> Tokens { get; init; } = Tokens.IsDefault ? [] : Tokens;

    /// <inheritdoc/>
    public bool Equals(TokenPrompt? other) => other is not null && Tokens.AsSpan().SequenceEqual(other.Tokens.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Tokens.Aggregate(Tokens.Length, HashCode.Combine);

    /// <summary>For messages.</summary>
    public override string ToString() => $"a text of {Tokens.Length} tokens";
}

/// <summary>Another condition with every token of it masked: what masked diffusion compares with in guidance (LLaDA, section 2.4).</summary>
/// <param name="Shown">A prompt or its tokens.</param>
public sealed record MaskedPrompt(Condition Shown) : Condition
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"{Shown}, masked";
}
