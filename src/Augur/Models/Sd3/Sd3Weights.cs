using Augur.Caching;
using Augur.Models.Joint;
using Augur.Tensors;

namespace Augur.Models.Sd3;

/// <summary>
/// An attention's weights. Norms: [headChannels], null where queries and keys are not normalised; Projection: null where there are no queries.
/// </summary>
internal sealed record Sd3AttentionWeights(PackedLinear Qkv, Tensor? QueryNorm, Tensor? KeyNorm, PackedLinear? Projection) : IDisposable
{
    public void Dispose()
    {
        Qkv.Dispose();
        QueryNorm?.Dispose();
        KeyNorm?.Dispose();
        Projection?.Dispose();
    }
}

/// <summary>
/// What picture or text has of a block. Second: the picture's attention to itself, where there is one; Mlp: null in the last block's text.
/// </summary>
internal sealed record Sd3GroupWeights(
    PackedLinear Modulation, Sd3AttentionWeights Attention, Sd3AttentionWeights? Second, JointFeedForward? Mlp) : IDisposable
{
    public void Dispose()
    {
        Modulation.Dispose();
        Attention.Dispose();
        Second?.Dispose();
        Mlp?.Dispose();
    }
}

/// <summary>The weights of one block.</summary>
internal sealed record Sd3BlockWeights(Sd3GroupWeights Image, Sd3GroupWeights Text) : IDisposable
{
    public Sd3GroupWeights Of(TokenGroup group) => group == TokenGroup.Image ? Image : Text;

    public void Dispose()
    {
        Image.Dispose();
        Text.Dispose();
    }
}

/// <summary>The weights of the whole network. Positions: [1, side², channels].</summary>
internal sealed record Sd3Weights(
    PackedConv2d Patches,
    Tensor Positions,
    JointEmbedder Time,
    JointEmbedder Pooled,
    PackedLinear Text,
    IReadOnlyList<Sd3BlockWeights> Blocks,
    PackedLinear FinalModulation,
    PackedLinear Final);
