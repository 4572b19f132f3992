using Augur.Models.Flux2;
using Augur.Models.QwenImage;
using Augur.Models.ZImage;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;
using Augur.Tests.Networks;

namespace Augur.Tests.TextNetworks;

/// <summary>The FLUX.2 of the fixtures: two double blocks and three single ones; it is told its guidance.</summary>
public sealed class SmallFlux2 : ITextNetwork
{
    /// <inheritdoc/>
    public static Shape OtherLatent => [32, 3, 5];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Refused => ["l2c"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Idle => [];

    /// <inheritdoc/>
    public static IReadOnlyDictionary<string, string> Sentences { get; } = new Dictionary<string, string>
    {
        ["l2c(mask=uniform(share=0.4))"] = ContractNetwork.OtherBranches,
        ["dbcache(front=3,back=2,threshold=0.3)"] = ContractNetwork.NothingBetween(3, 2, 5),
    };

    /// <inheritdoc/>
    public static IReadOnlyList<string> Own => ContractNetwork.OnFlows;

    /// <inheritdoc/>
    public static int LongText => 17;

    /// <inheritdoc/>
    public static Condition Shown(int tokens, int seed = 0, float scale = 1) => Text(tokens, seed, scale);

    /// <inheritdoc/>
    public static IReadOnlyList<GenerationRequest> Beside(GenerationRequest shared) => ContractNetwork.Beside<SmallFlux2>(shared);

    /// <inheritdoc/>
    public static INetwork Network(IBackend backend) => Network(backend, adjust: null);

    /// <summary>The network, with other sizes.</summary>
    public static Flux2Model Network(IBackend backend, Func<Flux2Config, Flux2Config>? adjust)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path("flux2-core/weights.safetensors"));
        return Flux2Layouts.Load(checkpoint, backend, inferred =>
        {
            var config = inferred with { PositionAxes = [2, 4, 4, 2], TextBucket = 8, LatentHeight = 4, LatentWidth = 6 };
            return adjust?.Invoke(config) ?? config;
        });
    }

    /// <inheritdoc/>
    public static DiffusionModel Load(IBackend backend) => new(
        Network(backend), new FirstChannel(), null, new GenerationDefaults(new FlowEulerSampler(new()), 12, new Guidance(4)));

    /// <inheritdoc/>
    public static PromptEmbedding Text(int tokens, int seed = 0, float scale = 1) => TextNetwork.Text(tokens, 24, seed, scale);
}

/// <summary>The Qwen-Image of the fixtures: three blocks; guidance compares two texts.</summary>
public sealed class SmallQwenImage : ITextNetwork
{
    /// <inheritdoc/>
    public static Shape OtherLatent => [16, 6, 6];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Refused => ["l2c", "dbcache(front=2"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Idle => [];

    /// <inheritdoc/>
    public static IReadOnlyDictionary<string, string> Sentences { get; } = new Dictionary<string, string>
    {
        ["l2c(mask=uniform(share=0.4))"] = ContractNetwork.OtherBranches,
        ["dbcache(front=2,back=1,threshold=0.3)"] = ContractNetwork.NothingBetween(2, 1, 3),
    };

    /// <inheritdoc/>
    public static int LongText => 17;

    /// <inheritdoc/>
    public static Condition Shown(int tokens, int seed = 0, float scale = 1) => Text(tokens, seed, scale);

    /// <inheritdoc/>
    public static IReadOnlyList<GenerationRequest> Beside(GenerationRequest shared) => ContractNetwork.Beside<SmallQwenImage>(shared);

    /// <inheritdoc/>
    public static INetwork Network(IBackend backend) => Network(backend, adjust: null);

    /// <summary>The network, with other sizes.</summary>
    public static QwenImageModel Network(IBackend backend, Func<QwenImageConfig, QwenImageConfig>? adjust)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path("qwen-image-core/weights.safetensors"));
        return QwenImageLayouts.Load(checkpoint, backend, inferred =>
        {
            var config = inferred with { PositionAxes = [4, 4, 4], TextBucket = 8, LatentHeight = 8, LatentWidth = 12 };
            return adjust?.Invoke(config) ?? config;
        });
    }

    /// <inheritdoc/>
    public static DiffusionModel Load(IBackend backend) => new(
        Network(backend), new FirstChannel(), null, new GenerationDefaults(new FlowEulerSampler(new()), 12, new Guidance(4)));

    /// <inheritdoc/>
    public static PromptEmbedding Text(int tokens, int seed = 0, float scale = 1) => TextNetwork.Text(tokens, 20, seed, scale) with
    {
        Negative = TextNetwork.Text(3, 20, seed + 100, scale),
    };
}

/// <summary>The Z-Image of the fixtures: two refiners each of picture and text, three blocks over both; guidance compares two texts.</summary>
public sealed class SmallZImage : ITextNetwork
{
    /// <inheritdoc/>
    public static Shape OtherLatent => [16, 6, 6];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Refused => ["dbcache(front=2"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Idle =>
    [
        "speca(preset=paper,base=0.2,draft=foca,verify=sampled(0.2))",
        "speca(preset=paper,granularity=block,base=0.2,draft=foca(history=stored,slope=difference))",
        "speca(preset=paper,granularity=block,base=0.2,draft=chebyshev)",
        "speca(preset=paper,base=0.2,tokens=random(k=3))",
        "speca(preset=paper,granularity=block,base=0.2)",
        "speca(preset=paper,base=0.2,granularity=branch,order=2)",
        "speca(preset=paper,granularity=block,base=0.2,verify=sampled(0.5))",
        "speca(preset=paper,base=0.2,verify=sampled(0.2),granularity=branch)",
        "speca(preset=paper,granularity=block,base=0.2,layer=0)",
        "speca(preset=paper,granularity=output,base=0.2,draft=foca)",
        "speca(preset=paper,base=0.2,layer=1,granularity=branch,verify=sampled(0.5))",
        "speca(preset=paper,base=0.2,tokens=toca(schedule=constant,ratio=0.2))",
        "cg-taylor(threshold=0.2)",
        "cg-taylor(threshold=0.2,gate=taylor(order=1),draft=taylor(order=2),warmup=1,state=bfloat16)",
        "dicache(threshold=0.05,probe=2,indicator=difference,retention=0)",
        "speca(preset=paper,base=0.2,tokens=clusca(k=3),granularity=branch)",
        "speca(preset=paper,base=0.2,tokens=eedit(ratio=0.2),granularity=branch)",
    ];

    /// <inheritdoc/>
    public static IReadOnlyDictionary<string, string> Sentences { get; } = new Dictionary<string, string>
    {
        ["dbcache(front=2,back=1,threshold=0.3)"] = ContractNetwork.NothingBetween(2, 1, 3),
    };

    /// <inheritdoc/>
    public static int LongText => 17;

    /// <inheritdoc/>
    public static Condition Shown(int tokens, int seed = 0, float scale = 1) => Text(tokens, seed, scale);

    /// <inheritdoc/>
    public static IReadOnlyList<GenerationRequest> Beside(GenerationRequest shared) => ContractNetwork.Beside<SmallZImage>(shared);

    /// <inheritdoc/>
    public static INetwork Network(IBackend backend) => Network(backend, adjust: null);

    /// <summary>The network, with other sizes.</summary>
    public static ZImageModel Network(IBackend backend, Func<ZImageConfig, ZImageConfig>? adjust)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path("z-image-core/weights.safetensors"));
        return ZImageLayouts.Load(checkpoint, backend, inferred =>
        {
            var config = inferred with { PositionAxes = [4, 4, 4], TextBucket = 64, LatentHeight = 8, LatentWidth = 10 };
            return adjust?.Invoke(config) ?? config;
        });
    }

    /// <inheritdoc/>
    public static DiffusionModel Load(IBackend backend) => new(
        Network(backend), new FirstChannel(), null, new GenerationDefaults(new FlowEulerSampler(new() { Shift = 3 }), 12, new Guidance(4)));

    /// <inheritdoc/>
    /// <remarks>Long enough that some are filled up to 32 tokens and some to 64.</remarks>
    public static PromptEmbedding Text(int tokens, int seed = 0, float scale = 1) => TextNetwork.Text(4 * tokens, 20, seed, scale) with
    {
        Negative = TextNetwork.Text(2, 20, seed + 100, scale),
    };
}
