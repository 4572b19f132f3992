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
                ["cost"] = Cost(FluxMap.Of(sizes, [64, 64], 0, 512), "64x64 tokens and 512 of text"),
            },
            FluxLayouts.Expected(file.Weights, sizes));
    }

    protected override LayoutTraces TracesOf(NetworkFile file) => FluxLayouts.Traces(file.Weights);

    protected override IReadOnlyList<TextNeed> TextsOf(NetworkFile file)
    {
        var sizes = FluxLayouts.Infer(file.Weights);
        return
        [
            new(TextEncoderKind.Clip, sizes.PooledChannels, "--text-encoder", "clip_l.safetensors, or text_encoder/ of a diffusers pipeline")
            {
                IsOptional = sizes.PooledChannels == sizes.TextChannels, // the vector of the whole text may be T5's mean
            },
            new(TextEncoderKind.T5, sizes.TextChannels, "--text-encoder-2", "t5xxl_fp16.safetensors, or text_encoder_2/ of a diffusers pipeline"),
        ];
    }

    protected override int LatentChannelsOf(NetworkFile file) => FluxLayouts.Infer(file.Weights).LatentChannels;

    protected override Func<IPromptEncoder> PromptsOf(NetworkFile file, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend)
    {
        var tokens = TextTokens(file);
        return () => new FluxPromptEncoder(texts[0]?.Clip(backend), texts[1]!.T5(backend, tokens));
    }

    protected override INetwork LoadNetwork(NetworkFile file, IBackend backend, IPromptEncoder prompts) => FluxLayouts.Load(
        file.Weights,
        backend,
        sizes => sizes with
        {
            PositionAxes = Axes.In(file.Config, "axes_dims_rope", 3) ?? sizes.PositionAxes,
            TextBucket = Math.Min(sizes.TextBucket, TextTokens(file)), // every text has as many
            LatentHeight = Side(file) ?? sizes.LatentHeight,
            LatentWidth = Side(file) ?? sizes.LatentWidth,
        },
        prompts);

    protected override GenerationDefaults PresetOf(NetworkFile file)
    {
        var isDev = FluxLayouts.Infer(file.Weights).HasGuidance;
        var sampler = FlowPreset.Of(file.Parts.Scheduler, new FlowOptions { Dynamic = isDev });
        return isDev ? new(sampler, 28, new Guidance(3.5)) : new(sampler, 4, new Guidance(1)) { IsFewStep = true };
    }

    // As published, or fewer where the network was trained with a tokenizer that gives no more.
    private static int TextTokens(NetworkFile file)
    {
        var published = FluxLayouts.Infer(file.Weights).HasGuidance ? FluxPromptEncoder.DevTokens : FluxPromptEncoder.SchnellTokens;
        var limits = file.Parts.Tokenizers.Where(tokenizer => tokenizer.Suits(TextEncoderKind.T5)).Select(tokenizer => tokenizer.MaxTokens());
        return Math.Min(published, limits.FirstOrDefault(limit => limit is not null) ?? published);
    }

    // Latent cells on each side, where the configuration says what the network was trained on.
    private static int? Side(NetworkFile file) => file.Config?.Find("sample_size") is not { } side ? null
        : side.AsInteger() is var cells and >= 2 and <= 4096 && cells % 2 == 0 ? cells
        : throw side.Error("is no even number of latent cells from 2 to 4096.");
}
