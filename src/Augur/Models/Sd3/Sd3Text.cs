using System.Collections.Immutable;
using Augur.Conditioning;
using Augur.Tensors;

namespace Augur.Models.Sd3;

/// <summary>A text under which some blocks are left out.</summary>
/// <param name="Text">Which.</param>
internal sealed record WithoutBlocks(Condition Text) : Condition
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"{Text} without some blocks";
}

/// <summary>A text as the blocks see it: its tokens and its pooled vector in the width of the stream, which no timestep changes.</summary>
/// <param name="tokens">[1, tokens, channels]; disposed with this.</param>
/// <param name="pooled">[1, channels]; disposed with this.</param>
internal sealed class Sd3Text(Tensor tokens, Tensor pooled) : EncodedCondition
{
    public Tensor Tokens => tokens;

    public Tensor Pooled => pooled;

    /// <summary>Blocks that are left out.</summary>
    public ImmutableArray<int> Skips { get; init; } = [];

    /// <inheritdoc/>
    public override int TokenCount => tokens.Shape[1];

    /// <inheritdoc/>
    public override long ByteCount => tokens.ByteCount + pooled.ByteCount;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        tokens.Dispose();
        pooled.Dispose();
        base.Dispose(disposing);
    }
}
