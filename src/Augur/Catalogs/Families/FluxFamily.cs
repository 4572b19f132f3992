using System.Globalization;
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

    protected override string AutoencoderFiles => "ae.safetensors, or the folder vae/ of a diffusers pipeline";

    public override bool Recognises(Checkpoint network) => FluxLayouts.IsOriginal(network) || FluxLayouts.IsDiffusers(network);

    public override string GgufArchitecture(Checkpoint network) => "flux";

    protected override NetworkSheet Describe(Checkpoint network, ForeignJson? config)
    {
        var sizes = FluxLayouts.Infer(network);
        var cost = FluxMap.Of(sizes, [64, 64], 512).FlopsPerRow / 1e12;
        return new(
            $"{sizes}, {(FluxLayouts.IsOriginal(network) ? "original" : "diffusers")} layout",
            new Dictionary<string, string>
            {
                ["latent"] = $"{sizes.LatentChannels} channels, tokens of 2x2 cells",
                ["blocks"] = $"{sizes.DoubleBlockCount} double and {sizes.SingleBlockCount} single of width {sizes.HiddenSize} "
                    + $"with {sizes.HeadCount} heads",
                ["conditions"] = $"texts of {sizes.TextChannels} channels and a pooled vector of {sizes.PooledChannels}",
                ["guidance"] = sizes.HasGuidance ? "embedded" : "none",
                ["cost"] = string.Create(
                    CultureInfo.InvariantCulture, $"{cost:0.000} TFLOP per row and call at 64x64 tokens and 512 of text (a multiply-add is 2)"),
            },
            FluxLayouts.Expected(network, sizes));
    }

    protected override IReadOnlyList<TextNeed> TextsOf(Checkpoint network)
    {
        var sizes = FluxLayouts.Infer(network);
        return
        [
            new(TextEncoderKind.Clip, sizes.PooledChannels, "--text-encoder", "clip_l.safetensors, or text_encoder/ of a diffusers pipeline"),
            new(TextEncoderKind.T5, sizes.TextChannels, "--text-encoder-2", "t5xxl_fp16.safetensors, or text_encoder_2/ of a diffusers pipeline"),
        ];
    }

    protected override int LatentChannelsOf(Checkpoint network) => FluxLayouts.Infer(network).LatentChannels;

    protected override INetwork LoadNetwork(Checkpoint network, ForeignJson? config, IBackend backend, IPromptEncoder prompts) =>
        FluxLayouts.Load(network, backend, sizes => sizes with { PositionAxes = AxesIn(config) ?? sizes.PositionAxes }, prompts);

    protected override Func<IPromptEncoder> PromptsOf(Checkpoint network, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend)
    {
        var tokens = FluxLayouts.Infer(network).HasGuidance ? FluxPromptEncoder.DevTokens : FluxPromptEncoder.SchnellTokens;
        return () => new FluxPromptEncoder(texts[0]!.Clip(backend), texts[1]!.T5(backend, tokens));
    }

    protected override GenerationDefaults PresetOf(Checkpoint network, ForeignJson? config, DiffusersScheduler? scheduler)
    {
        var isDev = FluxLayouts.Infer(network).HasGuidance;

        // The pipeline of diffusers gives its scheduler equal parts of the way, as the original code has them.
        var options = scheduler?.Sampler is FlowEulerSampler euler ? euler.Options with { Grid = FlowGrid.EqualParts }
            : new FlowOptions { Dynamic = isDev };
        return isDev ? new(new FlowEulerSampler(options), 28, new Guidance(3.5))
            : new(new FlowEulerSampler(options), 4, new Guidance(1)) { IsFewStep = true };
    }

    // Channels of a head that turn with each coordinate; shapes tell their sum alone.
    private static Shape? AxesIn(ForeignJson? config) => config?.Find("axes_dims_rope") is { } axes
        ? axes.AsItems() is { Count: 3 } three && three.All(axis => axis.AsInteger() is >= 0 and <= 4096) ? [.. three.Select(axis => axis.AsInteger())]
            : throw axes.Error("is no list of three numbers from 0 to 4096: of the frame, the row and the column.")
        : null;
}
