using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Models;
using Augur.Models.PixArt;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>PixArt-α and Σ: T5 in cross-attention, latents of Stable Diffusion's autoencoder (α) or SDXL's (Σ).</summary>
internal sealed class PixArtFamily : PromptFamily
{
    public override string Name => "PixArt";

    protected override string AutoencoderFiles => "sd-vae-ft-ema for PixArt-α, SDXL's for Σ, or vae/ of a diffusers pipeline";

    public override bool Recognises(Checkpoint network) => PixArtLayouts.Is(network);

    protected override NetworkSheet Describe(NetworkFile file)
    {
        var sizes = PixArtLayouts.Infer(file.Weights, file.Config);
        var own = sizes.GridOf([sizes.InChannels, sizes.InputSize, sizes.InputSize]);
        return new(
            $"{sizes}, {(PixArtLayouts.IsOriginal(file.Weights) ? "original" : "diffusers")} layout",
            new Dictionary<string, string>
            {
                ["latent"] = $"{sizes.InChannels} channels, {sizes.InputSize}x{sizes.InputSize} cells in patches of "
                    + $"{sizes.PatchSize}x{sizes.PatchSize}",
                ["blocks"] = $"{sizes.Depth} of width {sizes.HiddenSize} with {sizes.HeadCount} heads",
                ["conditions"] = $"texts of {sizes.CaptionChannels} channels{(sizes.HasSizeConditions ? ", and the picture's size" : "")}",
                ["cost"] = Cost(PixArtMap.Of(sizes, own, 120), "its own size and 120 of text"),
            },
            PixArtLayouts.Expected(file.Weights, sizes))
        {
            Optional = PixArtLayouts.Optional,
        };
    }

    protected override LayoutTraces TracesOf(NetworkFile file) => PixArtLayouts.Traces(file.Weights, file.Config);

    protected override IReadOnlyList<TextNeed> TextsOf(NetworkFile file) =>
    [
        new(TextEncoderKind.T5, PixArtLayouts.Infer(file.Weights, file.Config).CaptionChannels, "--text-encoder",
            "t5xxl_fp16.safetensors, or text_encoder/ of a diffusers pipeline"),
    ];

    protected override int LatentChannelsOf(NetworkFile file) => PixArtLayouts.Infer(file.Weights, file.Config).InChannels;

    protected override ScaleAndShift? ScaleOf(NetworkFile file) => new(IsSigma(file) ? 0.13025f : 0.18215f);

    protected override Func<IPromptEncoder> PromptsOf(NetworkFile file, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend)
    {
        var tokens = IsSigma(file) ? PixArtPromptEncoder.SigmaTokens : PixArtPromptEncoder.AlphaTokens;
        return () => new PixArtPromptEncoder(texts[0]!.T5(backend, tokens));
    }

    protected override INetwork LoadNetwork(NetworkFile file, IBackend backend, IPromptEncoder prompts) =>
        PixArtLayouts.Load(file.Weights, backend, file.Config, encoder: prompts);

    protected override GenerationDefaults PresetOf(NetworkFile file) => new(
        file.Parts.Scheduler?.Sampler ?? new DpmSolverPlusPlusSampler(), 20, new Guidance(4.5));

    // The pipeline names its class; original files keep the null caption, whose length tells them apart.
    private static bool IsSigma(NetworkFile file) => file.Pipeline.Length > 0 ? file.Pipeline.Contains("Sigma", StringComparison.Ordinal)
        : PixArtLayouts.Infer(file.Weights, file.Config).NullCaptionTokens >= PixArtPromptEncoder.SigmaTokens;
}
