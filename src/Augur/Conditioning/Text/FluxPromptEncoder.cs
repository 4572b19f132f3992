using System.Collections.Immutable;

namespace Augur.Conditioning.Text;

/// <summary>
/// The prompts of FLUX.1: T5's states of all its tokens (512 in dev, 256 in schnell), padding among them and attended to, and CLIP-L's pooled
/// vector, not projected. As the released code has it.
/// </summary>
/// <param name="clip">
/// CLIP-L; disposed with this. Null: the network was trained without it, and the pooled vector is the mean of T5's states of the text's own tokens
/// and its end (tools/train).
/// </param>
/// <param name="t5">T5 1.1 XXL; disposed with this.</param>
public sealed class FluxPromptEncoder(ClipPrompts? clip, T5Prompts t5) : IPromptEncoder
{
    /// <summary>Tokens of T5 in FLUX.1 dev.</summary>
    public const int DevTokens = 512;

    /// <summary>Tokens of T5 in FLUX.1 schnell.</summary>
    public const int SchnellTokens = 256;

    /// <inheritdoc/>
    public long ByteCount => (clip?.ByteCount ?? 0) + t5.ByteCount;

    /// <inheritdoc/>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts) => PromptBatches.Encode(prompts, batch =>
    {
        PromptRow[] rows = [.. batch.Select(prompt => t5.Row(prompt, fillsUp: true))];
        ImmutableArray<float>[] tokens = [.. AllTokens(rows)];
        var pooled = clip is null ? rows.Zip(tokens, Mean) : OfClip(clip, batch);
        return [.. rows.Zip(tokens, pooled).Select(text =>
            new PromptEmbedding(text.Second, t5.Encoder.Config.Channels, text.Third) { Warning = text.First.Warning })];
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        clip?.Dispose();
        t5.Dispose();
    }

    private static IEnumerable<ImmutableArray<float>> OfClip(ClipPrompts clip, IReadOnlyList<string> prompts)
    {
        var pooled = clip.Encoder.Encode([.. prompts.Select(prompt => clip.Row(prompt).Ids)]).Pooled;
        return [.. prompts.Select((_, i) => PromptBatches.Row(pooled, i))];
    }

    private ImmutableArray<float>[] AllTokens(PromptRow[] rows)
    {
        var states = t5.Encoder.Encode([.. rows.Select(row => row.Ids)]);
        return [.. rows.Select((row, i) => PromptBatches.Tokens(states, i, 0, row.Ids.Length))];
    }

    // Of the tokens that do not fill the row up: [tokens, channels] to [channels].
    private ImmutableArray<float> Mean(PromptRow row, ImmutableArray<float> tokens)
    {
        var (channels, count) = (t5.Encoder.Config.Channels, row.Ids.Count(id => id != t5.PadId));
        return [.. Enumerable.Range(0, channels).Select(channel => (float)(Enumerable.Range(0, row.Ids.Length)
            .Where(i => row.Ids[i] != t5.PadId)
            .Sum(i => (double)tokens[(i * channels) + channel]) / count))];
    }
}
