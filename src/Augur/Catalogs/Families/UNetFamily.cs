using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Models;
using Augur.Models.UNet;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>Stable Diffusion 1, 2 and XL: a U-Net with one CLIP, in XL with two.</summary>
internal sealed class UNetFamily : PromptFamily
{
    private static readonly DpmSolverPlusPlusOptions s_trained = new()
    {
        Betas = BetaSchedule.ScaledLinear,
        BetaStart = 0.00085,
        BetaEnd = 0.012,
    };

    public override string Name => "Stable Diffusion";

    public override bool Recognises(Checkpoint network) => UNetLayouts.Is(network);

    public override string GgufArchitecture(Checkpoint network) => IsLarge(network) ? "sdxl" : "sd1";

    protected override NetworkSheet Describe(NetworkFile file)
    {
        var sizes = SizesOf(file);
        return new(
            $"{sizes}, {(UNetLayouts.IsOriginal(file.Weights) ? "original" : "diffusers")} layout",
            new Dictionary<string, string>
            {
                ["latent"] = $"{sizes.OutChannels} channels",
                ["levels"] = $"of {string.Join(", ", sizes.BlockChannels)} channels, {sizes.LayersPerBlock} layers each, transformers of depth "
                    + $"{string.Join(", ", sizes.TransformerDepths)} and {sizes.MiddleDepth} in the middle",
                ["conditions"] = $"texts of {sizes.CrossChannels} channels"
                    + (sizes.PooledChannels > 0 ? $" and a pooled vector of {sizes.PooledChannels}" : ""),
                ["output"] = sizes.Prediction.ToString().ToLowerInvariant(),
            },
            UNetLayouts.Expected(file.Weights, sizes));
    }

    protected override LayoutTraces TracesOf(NetworkFile file) => UNetLayouts.Traces(file.Weights, SizesOf(file));

    protected override IReadOnlyList<TextNeed> TextsOf(NetworkFile file) => SizesOf(file) switch
    {
        { PooledChannels: 0 } sizes =>
            [new(TextEncoderKind.Clip, sizes.CrossChannels, "--text-encoder", "clip_l.safetensors, or text_encoder/ of a diffusers pipeline")],
        { SizeCount: 5 } => throw new WeightFileException($"{file.Parts.Path}: this is a refiner, which goes over finished pictures and draws none."),
        _ =>
        [
            new(TextEncoderKind.Clip, 0, "--text-encoder", "clip_l.safetensors, or text_encoder/ of a diffusers pipeline"),
            new(TextEncoderKind.Clip, 0, "--text-encoder-2", "clip_g.safetensors, or text_encoder_2/ of a diffusers pipeline"),
        ],
    };

    protected override int LatentChannelsOf(NetworkFile file) => SizesOf(file).OutChannels;

    protected override ScaleAndShift? ScaleOf(NetworkFile file) => new(IsLarge(file.Weights) ? 0.13025f : 0.18215f);

    protected override Func<IPromptEncoder> PromptsOf(NetworkFile file, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend)
    {
        if (!IsLarge(file.Weights))
        {
            return () => texts[0]!.Clip(backend) is var clip && texts[0]!.IsOpenClip
                ? new StableDiffusionPromptEncoder(clip, skippedLayers: 1) : new StableDiffusionPromptEncoder(clip);
        }

        ClipPairCheck.Require(texts, SizesOf(file).CrossChannels, Name);
        return () => new SdxlPromptEncoder(texts[0]!.Clip(backend), texts[1]!.Clip(backend, padId: 0));
    }

    protected override INetwork LoadNetwork(NetworkFile file, IBackend backend, IPromptEncoder prompts) =>
        UNetLayouts.Load(file.Weights, backend, _ => SizesOf(file), prompts);

    protected override GenerationDefaults PresetOf(NetworkFile file) => new(
        file.Parts.Scheduler?.Sampler ?? new DpmSolverPlusPlusSampler(s_trained), 25, new Guidance(IsLarge(file.Weights) ? 5 : 7.5));

    protected override IEnumerable<string> RemarksOf(NetworkFile file)
    {
        var sizes = SizesOf(file);
        if (file.Config is null && !sizes.IsPublished && OfReplaced(file, sizes) is null)
        {
            yield return $"{file.Parts.Network.Place} does not say how many heads and groups of norms it has, and no tensor shows it: "
                + $"{string.Join(", ", sizes.HeadCounts)} heads and {sizes.NormGroups} groups are taken, as Stable Diffusion has them; a config.json "
                + "beside it would say";
        }

        if (file.Parts.Scheduler is null && sizes is { CrossChannels: 1024, PooledChannels: 0, Prediction: Prediction.Epsilon })
        {
            yield return $"{file.Parts.Network.Place} does not say what its answer means: noise is taken, and networks for 768 pixels of this size "
                + "answer with velocity; the pipeline's scheduler_config.json beside the file would say";
        }
    }

    private static bool IsLarge(Checkpoint network) => UNetLayouts.Infer(network).PooledChannels > 0;

    private static UNetConfig SizesOf(NetworkFile file) => WrittenSizesOf(file) is var sizes && sizes.ComparesWithZeros
        && file.Parts.Index?.Find("force_zeros_for_empty_prompt")?.AsFlag() == false ? sizes with { ComparesWithZeros = false } : sizes;

    private static UNetConfig WrittenSizesOf(NetworkFile file)
    {
        var prediction = file.Parts.Scheduler?.Prediction ?? Prediction.Epsilon;
        if (file.Config is { } config)
        {
            return UNetConfigFile.Read(config, prediction);
        }

        var inferred = UNetLayouts.Infer(file.Weights) with { Prediction = IsMarkedVelocity(file) ? Prediction.Velocity : prediction };
        return OfReplaced(file, inferred) ?? inferred;
    }

    // Heads, groups of norms and the usual size show in no tensor: a network that takes the place of another of its sizes has them from there.
    private static UNetConfig? OfReplaced(NetworkFile file, UNetConfig inferred) =>
        file.Parts.Replaced?.Config(config => !DiffusersFolder.IsOfAnotherPart(config)) is { } config
        && UNetConfigFile.Read(config, inferred.Prediction) is var replaced
        && replaced.BlockChannels.SequenceEqual(inferred.BlockChannels) && replaced.CrossChannels == inferred.CrossChannels
        && replaced.LayersPerBlock == inferred.LayersPerBlock && replaced.PooledChannels == inferred.PooledChannels
            ? replaced : null;

    // Fine-tunes of SDXL say so by an empty tensor beside the parts.
    private static bool IsMarkedVelocity(NetworkFile file)
    {
        if (file.Parts.Network.Prefix.Length == 0)
        {
            return file.Weights.Tensors.ContainsKey("v_pred");
        }

        using var whole = Checkpoint.Open(file.Parts.Network.Path);
        return whole.Tensors.ContainsKey("v_pred");
    }
}
