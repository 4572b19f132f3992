using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tests.Caching;

namespace Augur.Tests.Networks;

/// <summary>A row of the contract table: a small network of random weights, and which settings it is held against.</summary>
public interface IContractNetwork
{
    /// <summary>As a model, with 12 steps.</summary>
    static abstract DiffusionModel Load(IBackend backend);

    /// <summary>A text of that many tokens, its numbers made up from a seed; a scale of NaN breaks it.</summary>
    static abstract Condition Shown(int tokens, int seed = 0, float scale = 1);

    /// <summary>A latent of another size than the usual one.</summary>
    static abstract Shape OtherLatent { get; }

    /// <summary>Beginnings of the settings that make no sense on it.</summary>
    static abstract IReadOnlyList<string> Refused { get; }

    /// <summary>Settings that are refused, and the whole sentence.</summary>
    static abstract IReadOnlyDictionary<string, string> Sentences { get; }

    /// <summary>Settings of the tables that find nothing to leave out in its random weights.</summary>
    static virtual IReadOnlyList<string> Idle => [];

    /// <summary>Settings that only networks like this one take.</summary>
    static virtual IReadOnlyList<string> Own => [];

    /// <summary>Tokens of a text that is filled up to another number than others.</summary>
    static virtual int LongText => 12;

    /// <summary>Guidance rows of a call, where a text of any length costs the same; null: it does not.</summary>
    static virtual int? Rows => null;

    /// <summary>Under which most cautious runs are compared; null: the model's own.</summary>
    static virtual IReadOnlyList<ISampler?> Samplers => [null];

    /// <summary>The most cautious setting of each method.</summary>
    static virtual IEnumerable<string> MostCautious => PolicyCatalog.All.Select(e => e.MostCautious);

    /// <summary>Settings that decide for each sample.</summary>
    static virtual IEnumerable<string> PerSample => Texts(PolicyContractTests.PerSample);

    /// <summary>Settings that decide for all samples of a batch.</summary>
    static virtual IEnumerable<string> PerBatch => Texts(PolicyContractTests.PerBatch);

    /// <summary>What is drawn beside a request, which is not to know of it.</summary>
    static abstract IReadOnlyList<GenerationRequest> Beside(GenerationRequest shared);

    /// <summary>The rows of a table of one column.</summary>
    static IEnumerable<string> Texts(IEnumerable<object[]> rows) => rows.Select(row => (string)row[0]);
}

/// <summary>What rows have in common.</summary>
internal static class ContractNetwork
{
    public const string OtherBranches =
        "Policy l2c: its tables have an attention and a feed-forward branch for each block; this network's blocks have others.";

    /// <summary>Settings that only rectified flows take.</summary>
    public static readonly string[] OnFlows = ["taylorseer(interval=2,warmup=1,draft=dmd)", "augur(8,draft=dmd(history=5),granularity=block)"];

    /// <summary>What dbcache says where nothing is left between its ends.</summary>
    public static string NothingBetween(int front, int back, int blocks) =>
        $"Policy dbcache: front={front} and back={back} leave none of this network's {blocks} blocks to reuse.";

    /// <summary>Texts of other lengths, other steps, another size, and a run of another method; of two guidance rows, or of one.</summary>
    public static IReadOnlyList<GenerationRequest> Beside<T>(GenerationRequest shared, Guidance? changed = null)
        where T : IContractNetwork =>
    [
        shared with { Condition = T.Shown(3, 6), Seed = 6, Steps = 9 }, // filled up to as many tokens
        shared with { Condition = T.Shown(T.LongText, 7), Seed = 7, Guidance = changed ?? shared.Guidance }, // to others, in calls of its own
        shared with { Condition = T.Shown(5, 8), Seed = 8, LatentShape = T.OtherLatent },
        shared with { Condition = T.Shown(8, 9), Seed = 9, Cache = PolicyCatalog.Parse("none") },
    ];
}
