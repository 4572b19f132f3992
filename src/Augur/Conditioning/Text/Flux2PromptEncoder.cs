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
    private readonly IReadOnlyList<int> _layers;

    /// <summary>Puts tokenizer and encoder together.</summary>
    /// <param name="tokenizer">Of Qwen3.</param>
    /// <param name="model">Read with <see cref="Parts"/>; disposed with this.</param>
    /// <param name="layers">Whose hidden states; null: 9, 18 and 27, as published.</param>
    /// <exception cref="Tensors.Weights.WeightFileException">They do not belong together, or the encoder has fewer layers.</exception>
    public Flux2PromptEncoder(TextTokenizer tokenizer, DecoderModel model, IReadOnlyList<int>? layers = null)
    {
        const string Answer = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n";
        _prompts = new DecoderPrompts(tokenizer, model, "<|im_start|>user\n", Answer, MaxTokens);
        _layers = layers ?? s_layers;
        if (_layers.Max() > model.LayerCount)
        {
            throw new Tensors.Weights.WeightFileException(
                $"FLUX.2 reads what its text encoder has behind layer {_layers.Max()}, but only {model.LayerCount} layers were read.");
        }
    }

    /// <summary>What is needed of the encoder: the first 27 layers.</summary>
    public static DecoderParts Parts => new(s_layers[^1]);

    /// <inheritdoc/>
    public long ByteCount => _prompts.Model.ByteCount;

    /// <inheritdoc/>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts) => PromptBatches.Encode(prompts, batch =>
    {
        PromptRow[] rows = [.. batch.Select(_prompts.Row)];
        var states = _prompts.Model.HiddenStates([.. rows.Select(row => row.Ids)], _layers, _prompts.PadId, MaxTokens);
        var channels = states[0].Shape[2];
        return [.. rows.Select((row, i) => new PromptEmbedding(
            SideBySide([.. states.Select(state => PromptBatches.Tokens(state, i, 0, MaxTokens))], channels),
            channels * _layers.Count,
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
