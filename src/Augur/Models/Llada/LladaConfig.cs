using System.Collections.Immutable;
using System.Globalization;
using Augur.Conditioning.Text;

namespace Augur.Models.Llada;

/// <summary>Sizes and special tokens of a masked diffusion language model.</summary>
public sealed record LladaConfig
{
    /// <summary>Sizes of its layers.</summary>
    public required DecoderConfig Decoder { get; init; }

    /// <summary>The token that stands for one that is not known yet.</summary>
    public required int MaskId { get; init; }

    /// <summary>Whether the answer at a place is for the token behind it, as of models that were made of autoregressive ones (Dream).</summary>
    public bool IsShifted { get; init; }

    /// <summary>Tokens of prompt and response together, at most.</summary>
    public int MaxTokens { get; init; } = 4096;

    /// <summary>Tokens that end a text.</summary>
    public ImmutableArray<int> EndIds { get; init; } = [];

    /// <summary>Tokens of a response where a request does not say.</summary>
    public int Length { get; init; } = 128;

    /// <summary>
    /// Prompts are filled up to a multiple of so many tokens, which nobody attends to, so that prompts of different lengths share calls.
    /// </summary>
    public int PromptBucket { get; init; } = 16;

    /// <summary>Tokens that a prompt is filled up to.</summary>
    /// <param name="tokens">Its own.</param>
    internal int Filled(int tokens) => (tokens + PromptBucket - 1) / PromptBucket * PromptBucket;

    /// <summary>For reports: architecture and size.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsShifted ? "Dream" : "LLaDA")} of {Decoder.Layers} layers, {Decoder.Channels} wide, {Decoder.Vocabulary} tokens");
}
