using System.Text.RegularExpressions;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Lora;

/// <summary>A part of a model that a LoRA may change, and the names under which files speak of it.</summary>
/// <param name="Name">For messages: <c>network</c>, <c>text encoder 1</c>.</param>
/// <param name="Part">Its weights.</param>
/// <param name="Traces">What its linear maps are made of.</param>
/// <param name="Prefix">Matches what precedes a module's name, whose first group is empty where words are joined by dots.</param>
internal sealed partial record LoraTarget(string Name, ModelPart Part, Func<Checkpoint, LayoutTraces> Traces, Regex Prefix)
{
    /// <summary>The denoising network.</summary>
    public static LoraTarget Network(ModelPart part, Func<Checkpoint, LayoutTraces> traces) => new("network", part, traces, NetworkPrefix());

    /// <summary>A text encoder.</summary>
    /// <param name="text">Its weights.</param>
    /// <param name="traces">What its linear maps are made of.</param>
    /// <param name="index">Its place among the pipeline's, from 0.</param>
    /// <param name="ofKind">Its place among its like.</param>
    public static LoraTarget Text(TextPart text, Func<Checkpoint, LayoutTraces> traces, int index, int ofKind)
    {
        // kohya and diffusers number text encoders, ComfyUI names them.
        var number = index == 0 ? "1?" : text.Kind == TextEncoderKind.T5 ? "[23]" : $"{index + 1}"; // T5 is the third wherever it stands
        var dotted = index == 0 ? "" : $"_{index + 1}";
        var word = text.Kind switch
        {
            TextEncoderKind.Clip => ofKind == 0 ? "clip_l" : "clip_[gh]",
            TextEncoderKind.T5 => "t5[a-z]*",
            _ => "(?!clip|t5)[a-z0-9_]+",
        };
        var prefix = $@"^(?:(lora_te{number}_)|text_encoder{dotted}\.|text_encoders\.{word}\.(?:transformer\.|model\.)*)";
        return new($"text encoder {index + 1}", text.Part, traces, new Regex(prefix, RegexOptions.CultureInvariant));
    }

    [GeneratedRegex(@"^(?:(lora_(?:unet|transformer)_)|(?:base_model\.model\.)?(?:(?:model\.)?diffusion_model\.|transformer\.|unet\.)?)")]
    private static partial Regex NetworkPrefix();
}
