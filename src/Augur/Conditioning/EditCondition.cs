using System.Collections.Immutable;
using Augur.Tensors;

namespace Augur.Conditioning;

/// <summary>A picture that a text refers to, as a latent of the network's own autoencoder.</summary>
public sealed record ReferenceLatent
{
    /// <summary>Checks that there are as many numbers as the shape says.</summary>
    /// <param name="values">Elements, innermost axis fastest.</param>
    /// <param name="shape">[channels, height, width] in latent cells.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public ReferenceLatent(ImmutableArray<float> values, Shape shape)
    {
        (Values, Shape) = (values, shape);
        if (values.IsDefaultOrEmpty || shape.Rank != 3 || shape.ElementCount != values.Length)
        {
            throw new ArgumentException(
                $"ReferenceLatent: {(values.IsDefault ? 0 : values.Length)} numbers are no latent {shape}; it has [channels, height, width].");
        }
    }

    /// <summary>Elements, innermost axis fastest.</summary>
    public ImmutableArray<float> Values { get; }

    /// <summary>[channels, height, width] in latent cells.</summary>
    public Shape Shape { get; }

    /// <inheritdoc/>
    public bool Equals(ReferenceLatent? other) => other is not null && Shape == other.Shape && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shape, Values[0], Values[^1]);
}

/// <summary>A text together with pictures that it refers to: to be changed, or to be taken as a pattern. For networks that read both.</summary>
/// <param name="Text">A prompt or an embedded text.</param>
/// <param name="References">At least one, in the order in which the text counts them.</param>
public sealed record EditCondition(Condition Text, ImmutableArray<ReferenceLatent> References) : Condition
{
    /// <summary>At least one, in the order in which the text counts them.</summary>
    public ImmutableArray<ReferenceLatent> References { get; init; } = References.IsDefault ? [] : References;

    /// <inheritdoc/>
    public bool Equals(EditCondition? other) => other is not null && Equals(Text, other.Text)
        && References.AsSpan().SequenceEqual(other.References.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Text, References.Length);

    /// <summary>For messages.</summary>
    public override string ToString() => $"{Text} with {References.Length} {(References.Length == 1 ? "picture" : "pictures")}";
}
