using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Decoding.Causal;
using Augur.Models;
using Augur.Models.QwenImage;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>Qwen-Image: the states of Qwen2.5-VL, and an autoencoder of Wan's kind.</summary>
internal sealed class QwenImageFamily : PromptFamily
{
    public override string Name => "Qwen-Image";

    protected override string AutoencoderFiles => "qwen_image_vae.safetensors, or vae/ of a diffusers pipeline";

    public override bool Recognises(Checkpoint network) => QwenImageLayouts.Is(network);

    public override string GgufArchitecture(Checkpoint network) => "qwen_image";

    protected override NetworkSheet Describe(NetworkFile file)
    {
        var sizes = QwenImageLayouts.Infer(file.Weights);
        return new(
            $"{sizes}, diffusers layout",
            new Dictionary<string, string>
            {
                ["latent"] = $"{sizes.LatentChannels} channels, tokens of 2x2 cells{(sizes.HasLayers ? ", several layers" : "")}",
                ["blocks"] = $"{sizes.BlockCount} of width {sizes.HiddenSize} with {sizes.HeadCount} heads",
                ["conditions"] = $"texts of {sizes.TextChannels} channels",
                ["cost"] = Cost(QwenImageMap.Of(sizes, sizes.HasLayers ? [1, 64, 64] : [64, 64], 0, 512), "64x64 tokens and 512 of text"),
            },
            QwenImageLayouts.Expected(sizes));
    }

    protected override LayoutTraces TracesOf(NetworkFile file) => QwenImageLayouts.Traces(file.Weights);

    protected override IReadOnlyList<TextNeed> TextsOf(NetworkFile file) =>
    [
        new(TextEncoderKind.Decoder, QwenImageLayouts.Infer(file.Weights).TextChannels, "--text-encoder",
            "qwen_2.5_vl_7b.safetensors, or text_encoder/ of a diffusers pipeline"),
    ];

    protected override int LatentChannelsOf(NetworkFile file) => QwenImageLayouts.Infer(file.Weights).LatentChannels;

    protected override Func<IPromptEncoder> PromptsOf(NetworkFile file, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend) => () =>
        texts[0]!.Decoder(backend, QwenImagePromptEncoder.Parts, (tokenizer, model) => new QwenImagePromptEncoder(tokenizer, model));

    protected override INetwork LoadNetwork(NetworkFile file, IBackend backend, IPromptEncoder prompts) => QwenImageLayouts.Load(
        file.Weights,
        backend,
        sizes => sizes with { PositionAxes = Axes.In(file.Config, "axes_dims_rope", 3) ?? sizes.PositionAxes },
        encoder: prompts);

    protected override IDecoder LoadDecoder(NetworkFile file, ModelPart part, IBackend backend)
    {
        using var checkpoint = part.Open();
        if (!CausalAutoencoder.Is(checkpoint))
        {
            throw new WeightFileException($"{part.Place}: this is not the autoencoder of Qwen-Image; give {AutoencoderFiles} with --vae.");
        }

        return part.Prefix.Length == 0 ? CausalAutoencoder.Load(part.Path, backend)
            : new CausalAutoencoder(checkpoint, new CausalAutoencoderConfig(), backend);
    }

    protected override GenerationDefaults PresetOf(NetworkFile file) => new(
        FlowPreset.Of(file.Parts.Scheduler, new FlowOptions { Dynamic = true, MaxShift = 0.9, MaxTokenCount = 8192, Terminal = 0.02 }),
        50,
        new Guidance(4));
}
