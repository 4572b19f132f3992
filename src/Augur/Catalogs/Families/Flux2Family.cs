using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Models;
using Augur.Models.Flux2;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>FLUX.2 with Qwen3's states: klein, distilled to four steps, and its base. (FLUX.2-dev reads Mistral's, which are not built.)</summary>
internal sealed class Flux2Family : PromptFamily
{
    private const int LayersOfText = 3;

    public override string Name => "FLUX.2";

    protected override string AutoencoderFiles => "flux2-vae.safetensors, or vae/ of a diffusers pipeline";

    public override bool Recognises(Checkpoint network) => Flux2Layouts.Is(network);

    protected override NetworkSheet Describe(NetworkFile file)
    {
        var sizes = Flux2Layouts.Infer(file.Weights);
        return new(
            $"{sizes}, {Flux2Layouts.LayoutOf(file.Weights)} layout",
            new Dictionary<string, string>
            {
                ["latent"] = $"{sizes.InChannels} channels, a token each cell",
                ["blocks"] = $"{sizes.DoubleBlockCount} double and {sizes.SingleBlockCount} single of width {sizes.HiddenSize} "
                    + $"with {sizes.HeadCount} heads",
                ["conditions"] = $"texts of {sizes.TextChannels} channels",
                ["guidance"] = sizes.HasGuidance ? "embedded" : "by two texts",
                ["cost"] = Cost(Flux2Map.Of(sizes, [64, 64], 0, 512), "64x64 tokens and 512 of text"),
            },
            Flux2Layouts.Expected(file.Weights, sizes));
    }

    protected override LayoutTraces TracesOf(NetworkFile file) => Flux2Layouts.Traces(file.Weights);

    protected override IReadOnlyList<TextNeed> TextsOf(NetworkFile file) =>
    [
        new(TextEncoderKind.Decoder, Flux2Layouts.Infer(file.Weights).TextChannels / LayersOfText, "--text-encoder",
            IsDev(file) ? "Mistral-Small-3.2-24B, whose prompts this version does not write"
                : "qwen_3_4b.safetensors (9B: qwen_3_8b.safetensors), or text_encoder/ of a diffusers pipeline"),
    ];

    // Of FLUX.2 only dev is told the strength of guidance.
    private static bool IsDev(NetworkFile file) => Flux2Layouts.Infer(file.Weights).HasGuidance;

    protected override int LatentChannelsOf(NetworkFile file) => Flux2Layouts.Infer(file.Weights).InChannels;

    protected override Func<IPromptEncoder> PromptsOf(NetworkFile file, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend) => IsDev(file)
        ? throw new WeightFileException(
            $"{file.Parts.Path}: this is FLUX.2-dev, which reads prompts as Mistral-Small-3.2 has them; this version writes those of klein alone.")
        : () => texts[0]!.Decoder(backend, Flux2PromptEncoder.Parts, (tokenizer, model) => new Flux2PromptEncoder(tokenizer, model));

    protected override INetwork LoadNetwork(NetworkFile file, IBackend backend, IPromptEncoder prompts) => Flux2Layouts.Load(
        file.Weights, backend, sizes => sizes with { PositionAxes = Axes.In(file.Config, "axes_dims_rope", 4) ?? sizes.PositionAxes }, prompts);

    // Its cells are squares of the autoencoder's.
    protected override int ChannelsOf(AutoencoderKl decoder)
    {
        var side = decoder.PixelsPerCell / decoder.Config.PixelsPerCell;
        return decoder.Config.LatentChannels * side * side;
    }

    // The pipeline says whether it is distilled; a file alone is taken for klein, which is.
    protected override GenerationDefaults PresetOf(NetworkFile file)
    {
        var isDistilled = !Flux2Layouts.Infer(file.Weights).HasGuidance && (file.Parts.Index?.Find("is_distilled")?.AsFlag() ?? true);
        var sampler = new FlowEulerSampler(new FlowOptions { Dynamic = true, PatchSize = 1, MuRule = FlowMu.TokensAndSteps });
        return new(sampler, isDistilled ? 4 : 50, new Guidance(isDistilled ? 1 : 4)) { IsFewStep = isDistilled };
    }
}
