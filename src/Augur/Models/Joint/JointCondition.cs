using System.Collections.Immutable;
using Augur.Conditioning;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>
/// A text, with the pictures that it refers to, as the blocks see it: tokens in the width of the stream, which no timestep changes.
/// </summary>
/// <param name="tokens">Of the text, [1, tokens, channels]; disposed with this.</param>
/// <param name="pooled">The vector of the whole text, [1, channels], disposed with this; null in networks that take none.</param>
/// <param name="references">Tokens of all pictures that are referred to, [1, tokens, channels], disposed with this; null: there are none.</param>
/// <param name="grids">How the tokens of each of those lie, [rows, columns].</param>
internal sealed class JointCondition(Tensor tokens, Tensor? pooled = null, Tensor? references = null, IReadOnlyList<Shape>? grids = null)
    : EncodedCondition
{
    public Tensor Tokens => tokens;

    /// <summary>Of networks that take one.</summary>
    public Tensor Pooled => pooled!;

    /// <summary>What that vector was made of, as a text encoder gave it; empty in networks that take none.</summary>
    public ImmutableArray<float> PooledText { get; init; } = [];

    public Tensor? References => references;

    public IReadOnlyList<Shape> Grids => grids ?? [];

    /// <summary>Blocks that are left out, for guidance away from what is drawn without them.</summary>
    public IReadOnlyCollection<int> Skips { get; init; } = [];

    /// <summary>Tokens of the pictures that are referred to.</summary>
    public int ReferenceTokens => references?.Shape[1] ?? 0;

    /// <inheritdoc/>
    public override int TokenCount => tokens.Shape[1];

    /// <inheritdoc/>
    public override long ByteCount => tokens.ByteCount + (pooled?.ByteCount ?? 0) + (references?.ByteCount ?? 0);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        tokens.Dispose();
        pooled?.Dispose();
        references?.Dispose();
        base.Dispose(disposing);
    }
}
