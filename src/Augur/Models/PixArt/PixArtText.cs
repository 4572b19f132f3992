using System.Collections.Immutable;
using Augur.Conditioning;
using Augur.Tensors;

namespace Augur.Models.PixArt;

/// <summary>What PixArt-α at 1024 pixels is told of the picture beside its caption.</summary>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="AspectRatio">Height over width.</param>
internal readonly record struct PictureSize(float Height, float Width, float AspectRatio)
{
    /// <summary>Of a latent, [channels, height, width].</summary>
    public static PictureSize Of(Shape latent) => new(
        latent[1] * PixArtConfig.PixelsPerCell, latent[2] * PixArtConfig.PixelsPerCell, latent[1] / (float)latent[2]);
}

/// <summary>The caption that the network was trained with in place of a text's, as long as that text.</summary>
/// <param name="Text">Whose place it takes.</param>
internal sealed record NullCaption(Condition Text) : Condition
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"the null caption in place of {Text}";
}

/// <summary>A caption as the blocks see it, in the width of the stream, which no timestep changes.</summary>
/// <param name="tokens">[1, tokens, channels]; disposed with this.</param>
internal sealed class PixArtText(Tensor tokens) : EncodedCondition
{
    public Tensor Tokens => tokens;

    /// <summary>A digest of what it was made of, by which keys and values of it are found again; empty: they are not kept.</summary>
    public ImmutableArray<float> Digest { get; init; } = [];

    /// <summary>What the network is told of the picture; null: its size.</summary>
    public PictureSize? Size { get; init; }

    /// <inheritdoc/>
    public override int TokenCount => tokens.Shape[1];

    /// <inheritdoc/>
    public override long ByteCount => tokens.ByteCount;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        tokens.Dispose();
        base.Dispose(disposing);
    }
}
