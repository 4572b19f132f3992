using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Models;
using Augur.Models.Flux;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>FLUX.1: dev, which is told the strength of guidance, and schnell, which was distilled to four steps without.</summary>
internal sealed class FluxFamily : PromptFamily
{
    public override string Name => "FLUX.1";

    protected override string AutoencoderFiles => "ae.safetensors, or vae/ of a diffusers pipeline";

    public override bool Recognises(Checkpoint network) => FluxLayouts.IsOriginal(network) || FluxLayouts.IsDiffusers(network);

    public override string GgufArchitecture(Checkpoint network) => "flux";

    protected override NetworkSheet Describe(NetworkFile file)
    {
        var sizes = FluxLayouts.Infer(file.Weights);
        return new(
            $"{sizes}, {(FluxLayouts.IsOriginal(file.Weights) ? "original" : "diffusers")} layout",
            new Dictionary<string, string>
            {
                ["latent"] = $"{sizes.LatentChannels} channels, tokens of 2x2 cells",
                ["blocks"] = $"{sizes.DoubleBlockCount} double and {sizes.SingleBlockCount} single of width {sizes.HiddenSize} "
                    + $"with {sizes.HeadCount} heads",
                ["conditions"] = $"texts of {sizes.TextChannels} channels and a pooled vector of {sizes.PooledChannels}",
                ["guidance"] = sizes.HasGuidance ? "embedded" : "none",
                ["cost"] = Cost(FluxMap.Of(sizes, [64, 64], 512), "64x64 tokens and 512 of text"),
            },
            FluxLayouts.Expected(file.Weights, sizes));
    }

    protected override IReadOnlyList<TextNeed> TextsOf(NetworkFile file)
    {
        var sizes = FluxLayouts.Infer(file.Weights);
        return
        [
            new(TextEncoderKind.Clip, sizes.PooledChannels, "--text-encoder", "clip_l.safetensors, or text_encoder/ of a diffusers pipeline"),
            new(TextEncoderKind.T5, sizes.TextChannels, "--text-encoder-2", "t5xxl_fp16.safetensors, or text_encoder_2/ of a diffusers pipeline"),
        ];
    }

    protected override int LatentChannelsOf(NetworkFile file) => FluxLayouts.Infer(file.Weights).LatentChannels;

    protected override Func<IPromptEncoder> PromptsOf(NetworkFile file, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend)
    {
        var tokens = FluxLayouts.Infer(file.Weights).HasGuidance ? FluxPromptEncoder.DevTokens : FluxPromptEncoder.SchnellTokens;
        return () => new FluxPromptEncoder(texts[0]!.Clip(backend), texts[1]!.T5(backend, tokens));
    }

    protected override INetwork LoadNetwork(NetworkFile file, IBackend backend, IPromptEncoder prompts) => FluxLayouts.Load(
        file.Weights, backend, sizes => sizes with { PositionAxes = Axes.In(file.Config, "axes_dims_rope", 3) ?? sizes.PositionAxes }, prompts);

    protected override GenerationDefaults PresetOf(NetworkFile file)
    {
        var isDev = FluxLayouts.Infer(file.Weights).HasGuidance;
        var sampler = FlowPreset.Of(file.Parts.Scheduler, new FlowOptions { Dynamic = isDev });
        return isDev ? new(sampler, 28, new Guidance(3.5)) : new(sampler, 4, new Guidance(1)) { IsFewStep = true };
    }
}
