using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Models;
using Augur.Models.Sd3;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>Stable Diffusion 3 and 3.5: two CLIPs and T5, which can be left out.</summary>
internal sealed class Sd3Family : PromptFamily
{
    public override string Name => "Stable Diffusion 3";

    public override bool Recognises(Checkpoint network) => Sd3Layouts.Is(network);

    public override string GgufArchitecture(Checkpoint network) => "sd3";

    protected override NetworkSheet Describe(NetworkFile file)
    {
        var sizes = Sd3Layouts.Infer(file.Weights);
        return new(
            $"{sizes}, {(Sd3Layouts.IsOriginal(file.Weights) ? "original" : "diffusers")} layout",
            new Dictionary<string, string>
            {
                ["latent"] = $"{sizes.InChannels} channels, patches of {sizes.PatchSize}x{sizes.PatchSize}, sides up to "
                    + $"{sizes.PositionSize * sizes.PatchSize} cells",
                ["blocks"] = $"{sizes.Depth} of width {sizes.HiddenSize} with {sizes.HeadCount} heads",
                ["conditions"] = $"texts of {sizes.TextChannels} channels and a pooled vector of {sizes.PooledChannels}",
            },
            Sd3Layouts.Expected(file.Weights, sizes));
    }

    protected override LayoutTraces TracesOf(NetworkFile file) => Sd3Layouts.Traces(file.Weights);

    protected override IReadOnlyList<TextNeed> TextsOf(NetworkFile file) =>
    [
        new(TextEncoderKind.Clip, 0, "--text-encoder", "clip_l.safetensors, or text_encoder/ of a diffusers pipeline"),
        new(TextEncoderKind.Clip, 0, "--text-encoder-2", "clip_g.safetensors, or text_encoder_2/ of a diffusers pipeline"),
        new(TextEncoderKind.T5, Sd3Layouts.Infer(file.Weights).TextChannels, "--text-encoder-3",
            "t5xxl_fp16.safetensors, or text_encoder_3/ of a diffusers pipeline") { IsOptional = true },
    ];

    protected override int LatentChannelsOf(NetworkFile file) => Sd3Layouts.Infer(file.Weights).InChannels;

    protected override ScaleAndShift? ScaleOf(NetworkFile file) => new(1.5305f, 0.0609f);

    protected override Func<IPromptEncoder> PromptsOf(NetworkFile file, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend)
    {
        var sizes = Sd3Layouts.Infer(file.Weights);
        ClipPairCheck.Require(texts, sizes.PooledChannels, Name);
        return () => new Sd3PromptEncoder(
            texts[0]!.Clip(backend), texts[1]!.Clip(backend, padId: 0), texts[2]?.T5(backend, Sd3PromptEncoder.T5Tokens), sizes.TextChannels);
    }

    protected override INetwork LoadNetwork(NetworkFile file, IBackend backend, IPromptEncoder prompts) =>
        Sd3Layouts.Load(file.Weights, backend, encoder: prompts);

    // The pipeline leaves its levels to the scheduler. Norms of queries and keys came with 3.5.
    protected override GenerationDefaults PresetOf(NetworkFile file) => new(
        file.Parts.Scheduler?.Sampler ?? new FlowEulerSampler(new FlowOptions { Shift = 3, Grid = FlowGrid.TrainedRange }),
        28,
        new Guidance(Sd3Layouts.Infer(file.Weights).HasQueryKeyNorm ? 4.5 : 7));
}

/// <summary>Checks that two CLIPs are those that a network was trained with.</summary>
internal static class ClipPairCheck
{
    /// <param name="texts">The narrower one, then the wider one.</param>
    /// <param name="channels">Of both together, as the network reads them.</param>
    /// <param name="family">For messages.</param>
    /// <exception cref="WeightFileException">They have other widths; the message names both.</exception>
    public static void Require(IReadOnlyList<TextWithTokenizer?> texts, int channels, string family)
    {
        var (narrow, wide) = (texts[0]!.Text, texts[1]!.Text);
        if (narrow.Width + wide.Width != channels)
        {
            throw new WeightFileException(
                $"{wide.Part.Place}: CLIP of width {wide.Width} and CLIP of width {narrow.Width} ({narrow.Part.Place}) are "
                + $"{narrow.Width + wide.Width} channels, but this {family} reads {channels}; give clip_l.safetensors with --text-encoder and "
                + "clip_g.safetensors with --text-encoder-2.");
        }
    }
}
