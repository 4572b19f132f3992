using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Augur.Conditioning.Text;

/// <summary>
/// The prompts of FLUX.2-klein: for each of 512 tokens, padding among them, Qwen3's hidden states behind layers 9, 18 and 27 beside each other, of a
/// conversation in which the prompt is said and thinking is off. As the released pipeline has it.
/// </summary>
public sealed class Flux2PromptEncoder : IPromptEncoder
{
    private const int MaxTokens = 512;
    private static readonly int[] s_layers = [9, 18, 27];
    private readonly DecoderPrompts _prompts;

    /// <summary>Puts tokenizer and encoder together.</summary>
    /// <param name="tokenizer">Of Qwen3.</param>
    /// <param name="model">Read with <see cref="Parts"/>; disposed with this.</param>
    /// <exception cref="Tensors.Weights.WeightFileException">They do not belong together.</exception>
    public Flux2PromptEncoder(TextTokenizer tokenizer, DecoderModel model) => _prompts = new DecoderPrompts(
        tokenizer, model, "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n", MaxTokens);

    /// <summary>What is needed of the encoder: the first 27 layers.</summary>
    public static DecoderParts Parts => new(s_layers[^1]);

    /// <inheritdoc/>
    public long ByteCount => _prompts.Model.ByteCount;

    /// <inheritdoc/>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts) => PromptBatches.Encode(prompts, batch =>
    {
        PromptRow[] rows = [.. batch.Select(_prompts.Row)];
        var states = _prompts.Model.HiddenStates([.. rows.Select(row => row.Ids)], s_layers, _prompts.PadId, MaxTokens);
        var channels = states[0].Shape[2];
        return [.. rows.Select((row, i) => new PromptEmbedding(
            SideBySide([.. states.Select(state => PromptBatches.Tokens(state, i, 0, MaxTokens))], channels),
            channels * s_layers.Length,
            []) { Warning = row.Warning })];
    });

    /// <inheritdoc/>
    public void Dispose() => _prompts.Dispose();

    private static ImmutableArray<float> SideBySide(ImmutableArray<float>[] parts, int channels)
    {
        var joined = new float[parts.Sum(part => part.Length)];
        for (var token = 0; token < MaxTokens; token++)
        {
            for (var part = 0; part < parts.Length; part++)
            {
                parts[part].AsSpan(token * channels, channels).CopyTo(joined.AsSpan(((token * parts.Length) + part) * channels));
            }
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(joined);
    }
}
