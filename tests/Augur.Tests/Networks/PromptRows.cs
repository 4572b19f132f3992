using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tests.Caching;

namespace Augur.Tests.Networks;

/// <summary>The FLUX of the fixtures; it is told its guidance.</summary>
public sealed class FluxRow : IContractNetwork
{
    /// <inheritdoc/>
    public static Shape OtherLatent => [16, 6, 6];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Refused => ["l2c"];

    /// <inheritdoc/>
    public static IReadOnlyDictionary<string, string> Sentences { get; } = new Dictionary<string, string>
    {
        ["l2c(mask=uniform(share=0.4))"] = ContractNetwork.OtherBranches,
        ["dbcache(front=3,back=2,threshold=0.3)"] = ContractNetwork.NothingBetween(3, 2, 5),
    };

    /// <inheritdoc/>
    public static IReadOnlyList<string> Own =>
        ["toca(interval=4,warmup=3,schedule=flux,ratio=0.4,bonus=0)", "toca(preset=flux)", .. ContractNetwork.OnFlows];

    /// <inheritdoc/>
    public static int? Rows => 1;

    /// <inheritdoc/>
    public static DiffusionModel Load(IBackend backend) => SmallFlux.Load(backend);

    /// <inheritdoc/>
    public static Condition Shown(int tokens, int seed = 0, float scale = 1) => SmallFlux.Text(tokens, seed, scale);

    /// <inheritdoc/>
    public static IReadOnlyList<GenerationRequest> Beside(GenerationRequest shared) => ContractNetwork.Beside<FluxRow>(shared);
}

/// <summary>A row that is one of <see cref="TinyPromptNetworks"/>.</summary>
public interface INamedRow
{
    /// <summary>Its name there.</summary>
    static abstract string Name { get; }
}

#pragma warning disable CA1000 // static members of a generic type: they are the interface's, and every row has its own

/// <summary>What the rows of <see cref="TinyPromptNetworks"/> are alike in.</summary>
/// <typeparam name="T">The row.</typeparam>
public abstract class PromptRow<T> : IContractNetwork
    where T : INamedRow, IContractNetwork
{
    private static readonly TinyPromptNetwork s_tiny = TinyPromptNetworks.Of(T.Name);

    /// <inheritdoc/>
    public static Shape OtherLatent => s_tiny.Other;

    /// <inheritdoc/>
    public static IReadOnlyList<string> Refused => ["l2c"];

    /// <inheritdoc/>
    public static IReadOnlyDictionary<string, string> Sentences => s_tiny.Refused;

    /// <inheritdoc/>
    public static IReadOnlyList<string> Own =>
    [
        "toca(interval=3,cross=true,schedule=constant,ratio=0.3)", "duca(interval=4,cross=true,schedule=constant,ratio=0.3,count=up)",
        "clusca(interval=3,k=4,gamma=0.2)",
    ];

    /// <inheritdoc/>
    public static int? Rows => 2;

    /// <inheritdoc/>
    public static DiffusionModel Load(IBackend backend) => s_tiny.Load(backend);

    /// <inheritdoc/>
    public static Condition Shown(int tokens, int seed = 0, float scale = 1) => s_tiny.Text(tokens, seed, scale);

    /// <inheritdoc/>
    public static IReadOnlyList<GenerationRequest> Beside(GenerationRequest shared) => ContractNetwork.Beside<T>(shared, new Guidance(1));
}

#pragma warning restore CA1000

/// <summary>PixArt of five blocks.</summary>
public sealed class PixArtRow : PromptRow<PixArtRow>, INamedRow
{
    /// <inheritdoc/>
    public static string Name => "pixart";
}

/// <summary>PixArt that is told the size, under a sampler that adds noise.</summary>
public sealed class PixArtOfSizesRow : PromptRow<PixArtOfSizesRow>, INamedRow, IContractNetwork
{
    /// <inheritdoc/>
    public static string Name => "pixart that is told the size";

    /// <inheritdoc/>
    /// <remarks>Its sampler adds noise, which not every method can know.</remarks>
    public static IEnumerable<string> PerSample => WithNoise(PolicyContractTests.PerSample);

    /// <inheritdoc/>
    public static IEnumerable<string> PerBatch => WithNoise(PolicyContractTests.PerBatch);

    private static IEnumerable<string> WithNoise(IEnumerable<object[]> rows) =>
        IContractNetwork.Texts(rows).Where(p => !PolicyContractTests.RefusesFreshNoise(p));
}

/// <summary>SD3 of five blocks.</summary>
public sealed class Sd3Row : PromptRow<Sd3Row>, INamedRow
{
    /// <inheritdoc/>
    public static string Name => "sd3";
}

/// <summary>SD3.5-medium: some blocks have a second attention.</summary>
public sealed class Sd35Row : PromptRow<Sd35Row>, INamedRow
{
    /// <inheritdoc/>
    public static string Name => "sd3 with second attentions";
}
