using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Augur.Conditioning.Text;

/// <summary>Two CLIP encoders beside each other, as SDXL and SD3 have them.</summary>
internal static class ClipPair
{
    /// <summary>Penultimate states of both beside each other, a token's channels filled up with zeros; and their pooled vectors.</summary>
    /// <param name="large">CLIP-L.</param>
    /// <param name="big">OpenCLIP-bigG.</param>
    /// <param name="prompts">Some.</param>
    /// <param name="channels">Of a token; 0: those of both.</param>
    public static IReadOnlyList<(float[] Tokens, ImmutableArray<float> Large, ImmutableArray<float> Big, string? Warning)> Encode(
        ClipPrompts large, ClipPrompts big, IReadOnlyList<string> prompts, int channels = 0)
    {
        PromptRow[] ofLarge = [.. prompts.Select(large.Row)], ofBig = [.. prompts.Select(big.Row)];
        var first = large.Encoder.Encode([.. ofLarge.Select(row => row.Ids)], skippedLayers: 1, normalises: false);
        var second = big.Encoder.Encode([.. ofBig.Select(row => row.Ids)], skippedLayers: 1, normalises: false);
        int a = first.Hidden.Shape[2], b = second.Hidden.Shape[2], tokens = Math.Min(first.Hidden.Shape[1], second.Hidden.Shape[1]);
        var width = Math.Max(channels, a + b);
        return [.. Enumerable.Range(0, prompts.Count).Select(row =>
        {
            var joined = new float[tokens * width];
            var (left, right) = (PromptBatches.Tokens(first.Hidden, row, 0, tokens), PromptBatches.Tokens(second.Hidden, row, 0, tokens));
            for (var token = 0; token < tokens; token++)
            {
                left.AsSpan(token * a, a).CopyTo(joined.AsSpan(token * width));
                right.AsSpan(token * b, b).CopyTo(joined.AsSpan((token * width) + a));
            }

            return (
                joined,
                PromptBatches.Row(first.Projected ?? first.Pooled, row),
                PromptBatches.Row(second.Projected ?? second.Pooled, row),
                PromptBatches.Join(ofLarge[row].Warning, ofBig[row].Warning));
        })];
    }
}

/// <summary>
/// The prompts of SDXL: the penultimate states of CLIP-L and OpenCLIP-bigG beside each other, and bigG's projected vector. Where guidance compares
/// with zeros in place of the empty text, the network does so (<c>force_zeros_for_empty_prompt</c>).
/// </summary>
/// <param name="large">CLIP-L; disposed with this.</param>
/// <param name="big">OpenCLIP-bigG, padded with 0; disposed with this.</param>
public sealed class SdxlPromptEncoder(ClipPrompts large, ClipPrompts big) : IPromptEncoder
{
    /// <inheritdoc/>
    public long ByteCount => large.ByteCount + big.ByteCount;

    /// <inheritdoc/>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts) => PromptBatches.Encode(prompts, batch =>
    {
        var channels = large.Encoder.Config.Channels + big.Encoder.Config.Channels;
        return [.. ClipPair.Encode(large, big, batch).Select(text =>
            new PromptEmbedding(ImmutableCollectionsMarshal.AsImmutableArray(text.Tokens), channels, text.Big) { Warning = text.Warning })];
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        large.Dispose();
        big.Dispose();
    }
}
