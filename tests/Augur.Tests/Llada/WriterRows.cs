using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tests.Caching;
using Augur.Tests.Networks;

namespace Augur.Tests.Llada;

/// <summary>What both rows share: models that write, of which only methods for chains and for texts make sense.</summary>
internal static class WriterRow
{
    public static IReadOnlyList<string> Own { get; } =
    [
        "dllm-cache(prompt=5,response=3)", "dllm-cache(prompt=3,response=4,ratio=0)", "dllm-cache(prompt=100,response=2,ratio=0.5,first_layer=false)",
        "dllm-cache(response=4,change=keys)", "dllm-cache(response=4,change=random,keep=selected)", "dllm-cache(response=5,keep=selected)",
        "dllm-cache(prompt=5,response=3,guidance=3)", "dllm-cache(prompt=5,response=3,draft=taylor(order=1))",
        "dllm-cache(response=3,ratio=0.5,draft=taylor(order=2),steady=false)", "dllm-cache(response=2,ratio=0,draft=foca)",
        "dllm-cache(prompt=5,response=3,skip=100)", "dllm-cache(response=3,ratio=0,draft=taylor(order=1),skip=0.2,verify=all)",
        "block-cache", "block-cache(kind=prefix)", "block-cache(refresh=3)",
        "toca(interval=3,score=norm,bonus=0)", "taylorseer(interval=3,tokens=random(k=5))",
    ];

    public static IEnumerable<string> MostCautious => PolicyCatalog.All
        .Where(e => e.Name is not ("easycache" or "seacache" or "sencache")) // which read pictures
        .Select(e => e.Name is "toca" or "duca" ? $"{e.Name}(interval=1,score=norm,bonus=0)" : e.MostCautious);

    // Some of each method that knows no pictures.
    public static IEnumerable<string> PerSample
    {
        get
        {
            string[] methods = ["fora", "taylorseer", "speca", "fbcache", "teacache", "dbcache"];
            return IContractNetwork.Texts(PolicyContractTests.PerSample)
                .Where(p => methods.Any(method => p.StartsWith(method, StringComparison.Ordinal)))
                .Where(p => !p.Contains("toca", StringComparison.Ordinal) && !p.Contains("clusca", StringComparison.Ordinal))
                .Where((p, i) => i % 3 == 0 && !p.Contains("front=2", StringComparison.Ordinal));
        }
    }

    public static IReadOnlyList<GenerationRequest> Beside(GenerationRequest shared) =>
    [
        shared with { Condition = TinyLlada.Prompt(5, 1), Guidance = new Guidance(2) }, // filled up to as many tokens
        shared with { Condition = TinyLlada.Prompt(14, 2), Seed = 7 }, // to others
        shared with { Condition = TinyLlada.Prompt(0), LatentShape = [6], Steps = 6, Sampler = TokenSamplers.Parse("llada(temperature=0.7)") },
        shared with { Condition = TinyLlada.Prompt(8), Cache = PolicyCatalog.Parse("none") },
    ];
}

/// <summary>LLaDA, with guidance.</summary>
public sealed class LladaRow : IContractNetwork
{
    /// <inheritdoc/>
    public static Shape OtherLatent => [6];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Refused => [];

    /// <inheritdoc/>
    public static IReadOnlyDictionary<string, string> Sentences { get; } = new Dictionary<string, string>
    {
        ["easycache"] = "Policy easycache steers by NetworkInput, which this network does not offer.",
    };

    /// <inheritdoc/>
    public static IReadOnlyList<string> Own => WriterRow.Own;

    /// <inheritdoc/>
    public static IEnumerable<string> MostCautious => WriterRow.MostCautious;

    /// <inheritdoc/>
    public static IEnumerable<string> PerSample => WriterRow.PerSample;

    /// <inheritdoc/>
    public static DiffusionModel Load(IBackend backend) => TinyLlada.Open(backend, "llada", guidance: 1.5);

    /// <inheritdoc/>
    public static Condition Shown(int tokens, int seed = 0, float scale = 1) => TinyLlada.Prompt(tokens);

    /// <inheritdoc/>
    public static IReadOnlyList<GenerationRequest> Beside(GenerationRequest shared) => WriterRow.Beside(shared);
}

/// <summary>Dream, with guidance; it writes no blocks.</summary>
public sealed class DreamRow : IContractNetwork
{
    /// <inheritdoc/>
    public static Shape OtherLatent => [6];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Refused => [];

    /// <inheritdoc/>
    public static IReadOnlyDictionary<string, string> Sentences { get; } = new Dictionary<string, string>
    {
        ["easycache"] = "Policy easycache steers by NetworkInput, which this network does not offer.",
    };

    /// <inheritdoc/>
    public static IReadOnlyList<string> Own => WriterRow.Own;

    /// <inheritdoc/>
    public static IReadOnlyList<string> Idle => ["block-cache", "block-cache(kind=prefix)", "block-cache(refresh=3)"];

    /// <inheritdoc/>
    public static IEnumerable<string> MostCautious => WriterRow.MostCautious;

    /// <inheritdoc/>
    public static IEnumerable<string> PerSample => WriterRow.PerSample;

    /// <inheritdoc/>
    public static DiffusionModel Load(IBackend backend) => TinyLlada.Open(backend, "dream", guidance: 1.5);

    /// <inheritdoc/>
    public static Condition Shown(int tokens, int seed = 0, float scale = 1) => TinyLlada.Prompt(tokens);

    /// <inheritdoc/>
    public static IReadOnlyList<GenerationRequest> Beside(GenerationRequest shared) => WriterRow.Beside(shared);
}
