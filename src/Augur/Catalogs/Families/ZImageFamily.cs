using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Models;
using Augur.Models.ZImage;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>Z-Image: one stream of picture and text, Qwen3's states, FLUX.1's autoencoder.</summary>
internal sealed class ZImageFamily : PromptFamily
{
    public override string Name => "Z-Image";

    protected override string AutoencoderFiles => "ae.safetensors of FLUX.1, or vae/ of a diffusers pipeline";

    public override bool Recognises(Checkpoint network) => ZImageLayouts.Is(network);

    public override string GgufArchitecture(Checkpoint network) => "lumina2";

    protected override NetworkSheet Describe(NetworkFile file)
    {
        var sizes = ZImageLayouts.Infer(file.Weights);
        return new(
            $"{sizes}, {(ZImageLayouts.IsFused(file.Weights) ? "single file" : "diffusers")} layout",
            new Dictionary<string, string>
            {
                ["latent"] = $"{sizes.LatentChannels} channels, tokens of 2x2 cells",
                ["blocks"] = $"{sizes.BlockCount} of width {sizes.HiddenSize} with {sizes.HeadCount} heads, "
                    + $"{sizes.NoiseRefinerCount} refiners of the picture and {sizes.ContextRefinerCount} of the text",
                ["conditions"] = $"texts of {sizes.TextChannels} channels",
                ["cost"] = Cost(ZImageMap.Of(sizes, [64, 64], 512), "64x64 tokens and 512 of text"),
            },
            ZImageLayouts.Expected(file.Weights, sizes));
    }

    protected override LayoutTraces TracesOf(NetworkFile file) => ZImageLayouts.Traces(file.Weights);

    protected override IReadOnlyList<TextNeed> TextsOf(NetworkFile file) =>
    [
        new(TextEncoderKind.Decoder, ZImageLayouts.Infer(file.Weights).TextChannels, "--text-encoder",
            "qwen_3_4b.safetensors, or text_encoder/ of a diffusers pipeline"),
    ];

    protected override int LatentChannelsOf(NetworkFile file) => ZImageLayouts.Infer(file.Weights).LatentChannels;

    protected override Func<IPromptEncoder> PromptsOf(NetworkFile file, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend) => () =>
        texts[0]!.Decoder(backend, ZImagePromptEncoder.Parts, (tokenizer, model) => new ZImagePromptEncoder(tokenizer, model));

    protected override INetwork LoadNetwork(NetworkFile file, IBackend backend, IPromptEncoder prompts) => ZImageLayouts.Load(
        file.Weights, backend, sizes => sizes with { PositionAxes = Axes.In(file.Config, "axes_dims", 3) ?? sizes.PositionAxes }, prompts);

    // Turbo's scheduler shifts by 3, the base's by 6; where none is there, the network is taken for Turbo, which is what most files hold.
    protected override GenerationDefaults PresetOf(NetworkFile file)
    {
        var sampler = FlowPreset.Of(file.Parts.Scheduler, new FlowOptions { Shift = 3 });
        return sampler is FlowEulerSampler { Options.Shift: > 3 } ? new(sampler, 50, new Guidance(5))
            : new(sampler, 9, new Guidance(1)) { IsFewStep = true };
    }
}
