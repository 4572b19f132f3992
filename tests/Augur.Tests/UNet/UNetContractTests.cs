using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tests.Networks;

namespace Augur.Tests.UNet;

/// <summary>The U-Net of the fixtures.</summary>
public sealed class UNetRow : IContractNetwork
{
    // Settings that need levels, which no other network of the tables has.
    private static readonly string[] s_byDepth =
    [
        "deepcache(interval=3)",
        "deepcache(interval=2,branch=4,state=bfloat16)",
        "deepcache(interval=4,branch=8,draft=taylor(order=1))",
        "deepcache(interval=3,draft=taylor(order=2))",
        "deepcache(schedule=centred(interval=3,center=4,power=1.2))",
        "deepcache(schedule=list(0-2-7),branch=2)",
        "dato",
        "dato(depth=1 0 2,ratio=0)",
        "dato(depth=none,ratio=0.6,dynamics=0)",
        "dato(depth=1 1 2,ratio=0.3 0.5 0.7,random_sign=true,align=false,half_norms=true)",
        "dato(depth=1 2,base=random,window_rows=4,ratio=0.75)",
        "tome",
        "tome(ratio=0.7,window_columns=4,random=false)",
        "compress",
        "compress(score=dynamics,reduce=prune,keep=0.4)",
        "compress(score=norm,reduce=spread,keep=0.3)",
        "dbcache(front=1,threshold=0.3,warmup=2,max_consecutive=2)",
        "speca(base=0.2,decay=1,min=1,max=3,order=1)",
        "speca(base=0.2,decay=1,min=0,max=3,layer=-4,draft=reuse,state=bfloat16)",
    ];

    // What needs a chain of blocks: all but what keeps branches, levels or the output.
    private static readonly string[] s_chains =
        ["toca", "duca", "xslim", "teacache", "seacache", "magcache", "sencache", "dicache", "delta-dit", "clusca", "l2c"];

    /// <inheritdoc/>
    public static Shape OtherLatent => [4, 7, 10];

    /// <inheritdoc/>
    /// <remarks>Whole settings: some methods have others that are not refused.</remarks>
    public static IReadOnlyList<string> Refused { get; } = [.. IContractNetwork.Texts(Caching.PolicyContractTests.PerSample)
        .Concat(IContractNetwork.Texts(Caching.PolicyContractTests.PerBatch)).Concat(PolicyCatalog.All.Select(e => e.MostCautious))
        .Where(policy => policy.Split('(')[0] switch
        {
            "speca" => policy.Contains("preset", StringComparison.Ordinal)
                && !policy.Contains("granularity=output", StringComparison.Ordinal)
                && (!policy.Contains("granularity=block", StringComparison.Ordinal) || policy.Contains("layer=0", StringComparison.Ordinal)),
            "dbcache" => policy.Contains("front=2", StringComparison.Ordinal) || policy.Contains("back=1", StringComparison.Ordinal),
            var method => s_chains.Contains(method) || policy.Contains("granularity=block", StringComparison.Ordinal)
                || policy.Contains("tokens=toca", StringComparison.Ordinal),
        })];

    /// <inheritdoc/>
    public static IReadOnlyDictionary<string, string> Sentences { get; } = new Dictionary<string, string>
    {
        ["deepcache(branch=9)"] = "Policy deepcache: branch=9 is none of this network's 9 levels, which count from 0.",
        ["speca(layer=0)"] = "Policy speca: layer=0 is none of this U-Net's, which count from the outermost one, -1, inwards.",
        ["speca(layer=-10)"] = "Policy speca: layer=-10 is none of this U-Net's, which count from the outermost one, -1, inwards.",
        ["speca(granularity=branch)"] = "where a U-Net is verified, what comes up inside its levels is forecast: granularity is block or output.",
        ["dbcache"] =
            "Policy dbcache: front=8 and back=0 are for a chain of blocks; of a U-Net the front is its first layer (front=1, back=0).",
        ["dato(ratio=0.8)"] = "Policy dato: ratio=0.8 prunes base tokens of windows of 2x2; at most 0.75 is left beside them.",
    };

    /// <inheritdoc/>
    public static IReadOnlyList<string> Own => s_byDepth;

    /// <inheritdoc/>
    public static IReadOnlyList<ISampler?> Samplers =>
        [.. new[] { "ddim", "euler-a", "pndm", "k-heun" }.Select(SmallUNet.Sampler)];

    /// <inheritdoc/>
    public static DiffusionModel Load(IBackend backend) => SmallUNet.Load(backend);

    /// <inheritdoc/>
    public static Condition Shown(int tokens, int seed = 0, float scale = 1) => SmallUNet.Text(tokens, seed, scale);

    /// <inheritdoc/>
    public static IReadOnlyList<GenerationRequest> Beside(GenerationRequest shared) =>
    [
        .. ContractNetwork.Beside<UNetRow>(shared, new Guidance(1)),
        shared with { Condition = Shown(2, 10), Seed = 10, Cache = PolicyCatalog.Parse("deepcache(interval=2)"), Guidance = new Guidance(1) },
    ];
}

/// <summary>The contracts on a U-Net, and what its own methods keep to.</summary>
public sealed class UNetContractTests : PictureContractTests<UNetRow>
{
    public static TheoryData<string> Chained => [.. IContractNetwork.Texts(Caching.PolicyContractTests.PerSample).Where(IsRefused)];

    [Theory]
    [MemberData(nameof(Chained))]
    public async Task A_method_that_needs_a_chain_of_blocks_or_one_grid_of_tokens_is_refused_by_name(string policy)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => Pipeline.GenerateAsync(Request(7, 5, policy)));
        Assert.Matches(
            "chain|steers by ModulatedInput, which this network does not offer|blocks have others|Tokens toca scores the |where a U-Net is verified|"
            + "is none of this U-Net's",
            error.Message);
    }

    [Fact]
    public async Task Deeper_branches_cost_more_and_follow_the_uncached_run_more_closely()
    {
        var exact = (await Pipeline.GenerateAsync(Request(7, 5, "none"))).Latent;
        var (cost, error) = (0L, double.PositiveInfinity);
        foreach (var branch in new[] { 0, 3, 6, 8 })
        {
            var result = await Pipeline.GenerateAsync(Request(7, 5, $"deepcache(interval=3,branch={branch})"));
            var (own, far) = (result.Report.Cost.TotalFlops, result.Latent.Zip(exact, (a, b) => (double)(a - b) * (a - b)).Sum());
            Assert.True(own > cost, $"branch {branch} costs {own} after {cost}");
            Assert.True(far < 1.2 * error, $"branch {branch} is {far} away after {error}");
            (cost, error) = (own, far);
        }
    }

    [Fact]
    public async Task SpeCa_runs_the_outermost_layers_on_what_was_forecast_inside_them_to_verify_a_draft()
    {
        var map = Model.Denoiser.Describe([4, 8, 8], []);
        var exact = await Pipeline.GenerateAsync(Request(7, 5, "none"));
        var accepted = (await Pipeline.GenerateAsync(Request(7, 5, "speca(base=100,min=0,max=4,order=1)"))).Report;
        var rejected = await Pipeline.GenerateAsync(Request(7, 5, "speca(base=1e-9,decay=1,min=0,max=4,order=1)"));
        Assert.Equal((3, 9, 0), (accepted.Computed, accepted.Accepted, accepted.Rejected));
        var inside = map.Sites.SkipWhile(s => s.Site != Site.Level(0)).ToArray();
        var lastBlocks = inside.Reverse().TakeWhile(s => s.Site.Kind is not (SiteKind.Level or SiteKind.Down)).Where(s => s.Feature[0] == 64);
        Assert.True(accepted.Cost.VerifyFlops > 0);
        var outermost = map[Site.Output].TotalFlops;
        Assert.InRange(accepted.Cost.VerifyFlops, 9 * 2 * outermost, 9 * 2 * (outermost + lastBlocks.Sum(s => s.TotalFlops)));
        Assert.Equal(11, rejected.Report.Rejected); // every call but the first finds a forecast, and is computed after all
        Assert.Equal(exact.Latent, rejected.Latent);
        var errors = rejected.Report.Calls.Where(c => c.Error is not null).Select(c => c.Error!.Value).ToArray();
        Assert.All(errors, error => Assert.InRange(error, 1e-7, 1));
    }

    [Fact]
    public async Task A_gate_behind_the_first_layer_saves_what_lies_inside_its_skip_connection()
    {
        var map = Model.Denoiser.Describe([4, 8, 8], []);
        var exact = (await Pipeline.GenerateAsync(Request(7, 5, "none"))).Report.Cost.TotalFlops;
        var gated = (await Pipeline.GenerateAsync(Request(7, 5, "fbcache(threshold=1000)"))).Report;
        var sites = map.Sites.Select(s => s.Site).ToList();
        Assert.True(sites.IndexOf(Site.Down(1)) < sites.IndexOf(Site.Level(1)));
        Assert.Equal((1, 11), (gated.Computed, gated.Calls.Count(c => c.Kind == CallKind.Partial)));
        var saved = (exact - gated.Cost.ComputeFlops - gated.Cost.DraftFlops) / (11 * 2);
        Assert.InRange(saved, map.FlopsPerRow / 2, map.FlopsPerRow - map[Site.Output].TotalFlops - map[Site.Down(1)].TotalFlops);
    }

    [Fact]
    public async Task Pruned_attention_costs_what_its_own_tokens_cost_each_other()
    {
        var exact = await Pipeline.GenerateAsync(Request(7, 5, "none"));
        var pruned = await Pipeline.GenerateAsync(Request(7, 5, "dato(depth=none,ratio=0.5)"));
        var map = Model.Denoiser.Describe([4, 8, 8], []);
        var attentions = map.Sites.Where(s => s.Site.Kind == SiteKind.Attention && s.Feature[0] == 64).ToArray();
        var saved = attentions.Sum(s => s.TotalFlops - s.ClosedFlops(32));
        Assert.Equal(5, attentions.Length);
        Assert.Equal(exact.Report.Cost.TotalFlops - (12 * 2 * saved), pruned.Report.Cost.ComputeFlops + pruned.Report.Cost.DraftFlops);
        long c = attentions[0].Feature[1];
        Assert.Equal(2 * ((32 * 4 * c * c) + (2 * 32 * 32 * c)), attentions[0].ClosedFlops(32)); // four maps, two products of 32 by 32
    }

    [Theory]
    [InlineData("deepcache(interval=3)", "left room for nothing")]
    [InlineData("dato", "left room for nothing")]
    public async Task A_budget_is_kept_and_said(string policy, string said)
    {
        var free = (await Pipeline.GenerateAsync(Request(7, 5, policy))).Report;
        Assert.True(free.PeakCacheBytes > 0);
        var half = (await Pipeline.GenerateAsync(Request(7, 5, policy) with { CacheBudget = free.PeakCacheBytes - 1 })).Report;
        Assert.True(half.PeakCacheBytes < free.PeakCacheBytes);
        Assert.StartsWith($"a budget of {free.PeakCacheBytes - 1} bytes left room for ", half.Note);
        var least = (await Pipeline.GenerateAsync(Request(7, 5, policy) with { CacheBudget = 0 })).Report;
        Assert.Equal((0, 12), (least.PeakCacheBytes, least.Computed));
        Assert.Contains(said, least.Note);
    }

    [Fact]
    public async Task Methods_that_need_levels_are_refused_on_a_chain_of_blocks()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var model = SmallDit.Load(backend);
        var pipeline = new GenerationPipeline(model);
        foreach (var (policy, sentence) in new[]
        {
            ("deepcache", "Policy deepcache keeps what comes up inside the levels of a U-Net, and this network has none."),
            ("dato", "Policy dato keeps what comes up inside the levels of a U-Net, and this network has none."),
            ("compress", "Policy compress shrinks self-attention over the whole grid of tokens, which this network cannot do."),
            ("tome", "Policy tome merges tokens of self-attention over the whole grid, which this network cannot do."),
            ("dato(depth=2)", "Policy dato prunes self-attention over the whole grid of tokens, which this network cannot do without some."),
        })
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(
                () => pipeline.GenerateAsync(model.Request(3, 5) with { Cache = PolicyCatalog.Parse(policy) }));
            Assert.Equal(sentence, error.Message);
        }
    }
}
