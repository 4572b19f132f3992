using Augur.Conditioning;
using Augur.Tensors;

namespace Augur.Models.Flux;

/// <summary>A text as the blocks see it: its tokens and its pooled vector in the width of the stream, which no timestep changes.</summary>
/// <param name="tokens">[1, tokens, channels]; disposed with this.</param>
/// <param name="pooled">[1, channels]; disposed with this.</param>
internal sealed class TextEmbedding(Tensor tokens, Tensor pooled) : EncodedCondition
{
    public Tensor Tokens => tokens;

    public Tensor Pooled => pooled;

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
