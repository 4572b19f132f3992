using System.Runtime.InteropServices;

namespace Augur.Conditioning.Text;

/// <summary>
/// The prompts of SD3 and SD3.5: the penultimate states of CLIP-L and OpenCLIP-bigG beside each other, filled up with zeros to T5's channels, then
/// T5's states, padding among them; the pooled vector is both encoders' projected ones. Without T5, zeros take the place of its states.
/// </summary>
/// <param name="large">CLIP-L with its projection; disposed with this.</param>
/// <param name="big">OpenCLIP-bigG with its projection, padded with 0; disposed with this.</param>
/// <param name="t5">T5 1.1 XXL; null: none. Disposed with this.</param>
/// <param name="channels">Of a token, as the network reads them.</param>
public sealed class Sd3PromptEncoder(ClipPrompts large, ClipPrompts big, T5Prompts? t5, int channels = 4096) : IPromptEncoder
{
    /// <summary>Tokens of T5 in the released pipelines.</summary>
    public const int T5Tokens = 256;

    /// <inheritdoc/>
    public long ByteCount => large.ByteCount + big.ByteCount + (t5?.ByteCount ?? 0);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">T5 has other channels than the network reads.</exception>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts) => PromptBatches.Encode(prompts, batch =>
    {
        var width = t5?.Encoder.Config.Channels ?? channels;
        if (width < large.Encoder.Config.Channels + big.Encoder.Config.Channels || width != channels)
        {
            throw new ArgumentException(
                $"SD3 reads tokens of {channels} channels: T5 has {width}, CLIP-L {large.Encoder.Config.Channels}, "
                + $"bigG {big.Encoder.Config.Channels}.");
        }

        PromptRow[] rows = t5 is null ? [] : [.. batch.Select(prompt => t5.Row(prompt, fillsUp: true))];
        var states = t5?.Encoder.Encode([.. rows.Select(row => row.Ids)]);
        return [.. ClipPair.Encode(large, big, batch, channels).Select((text, i) =>
        {
            var second = states is null ? new float[text.Tokens.Length] // as many zeros as CLIP has tokens
                : ImmutableCollectionsMarshal.AsArray(PromptBatches.Tokens(states, i, 0, rows[i].Ids.Length))!;
            return new PromptEmbedding([.. text.Tokens, .. second], channels, [.. text.Large, .. text.Big])
            {
                Warning = t5 is null ? text.Warning : rows[i].Warning, // what CLIP does not read, T5 does
            };
        })];
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        large.Dispose();
        big.Dispose();
        t5?.Dispose();
    }
}
