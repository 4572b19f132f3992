using System.Collections.Immutable;
using Augur.Conditioning;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>What a U-Net is told besides a text: sizes of the picture, and channels that stand beside the latent's.</summary>
/// <param name="Text">A prompt, or an embedded text.</param>
public sealed record UNetCondition(Condition Text) : Condition
{
    /// <summary>
    /// What SDXL is told of the picture, in pixels: original height and width, the crop's top and left, height and width that are wanted; its refiner
    /// takes an aesthetic score in place of the last two. Default: those of the latent that is drawn, uncropped.
    /// </summary>
    public ImmutableArray<float> Sizes { get; init; }

    /// <summary>
    /// The channels behind the latent's, [channels, height, width] of the latent's size: in inpainting networks a mask (1 is drawn) and the masked
    /// picture's latent. Default: none.
    /// </summary>
    public ImmutableArray<float> Extra { get; init; }

    /// <inheritdoc/>
    public bool Equals(UNetCondition? other) => other is not null && Equals(Text, other.Text)
        && Same(Sizes, other.Sizes) && Same(Extra, other.Extra);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Text, Sizes.IsDefault ? 0 : Sizes.Length, Extra.IsDefault ? 0 : Extra.Length);

    /// <summary>For messages.</summary>
    public override string ToString() => $"{Text}{(Sizes.IsDefault ? "" : " with sizes")}{(Extra.IsDefault ? "" : " beside a picture")}";

    private static bool Same(ImmutableArray<float> a, ImmutableArray<float> b) => a.IsDefault == b.IsDefault && (a.IsDefault || a.SequenceEqual(b));
}

/// <summary>A text as the blocks see it, with what the network is told besides.</summary>
/// <param name="tokens">[1, tokens, channels]; disposed with this.</param>
/// <param name="pooled">[1, channels]; null in networks that read none; disposed with this.</param>
/// <param name="condition">Sizes and further channels.</param>
internal sealed class EncodedUNetCondition(Tensor tokens, Tensor? pooled, UNetCondition condition) : EncodedCondition
{
    public Tensor Tokens => tokens;

    public Tensor? Pooled => pooled;

    public UNetCondition Condition => condition;

    /// <summary>A digest of the text, by which keys and values of it are found again.</summary>
    public required ImmutableArray<float> Digest { get; init; }

    /// <inheritdoc/>
    public override int TokenCount => tokens.Shape[1];

    /// <inheritdoc/>
    public override long ByteCount => tokens.ByteCount + (pooled?.ByteCount ?? 0);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        tokens.Dispose();
        pooled?.Dispose();
        base.Dispose(disposing);
    }
}
