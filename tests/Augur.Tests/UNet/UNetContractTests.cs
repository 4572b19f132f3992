using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tests.Caching;

namespace Augur.Tests.UNet;

/// <summary>What every caching method keeps to on a U-Net, or the sentence with which it is refused there.</summary>
public sealed class UNetContractTests : IDisposable
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
    ];

    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;

    public UNetContractTests()
    {
        _model = SmallUNet.Load(_backend);
        _pipeline = new GenerationPipeline(_model);
    }

    public static TheoryData<string> MostCautious => [.. PolicyCatalog.All.Select(e => e.MostCautious).Where(p => !IsRefused(p))];

    public static TheoryData<string> PerSample => [.. Texts(PolicyContractTests.PerSample).Where(p => !IsRefused(p)).Concat(s_byDepth)];

    public static TheoryData<string> PerBatch => [.. Texts(PolicyContractTests.PerBatch).Where(p => !IsRefused(p))];

    public static TheoryData<string> Refused => [.. Texts(PolicyContractTests.PerSample).Where(IsRefused)];

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(MostCautious))]
    public async Task At_its_most_cautious_setting_a_policy_is_the_uncached_run_bit_for_bit(string policy)
    {
        foreach (var sampler in new[] { "ddim", "euler-a", "pndm", "k-heun" })
        {
            var exact = await _pipeline.GenerateAsync(Request(7, 5, "none") with { Sampler = SmallUNet.Sampler(sampler) });
            var cautious = await _pipeline.GenerateAsync(Request(7, 5, policy) with { Sampler = SmallUNet.Sampler(sampler) });
            Assert.Equal(exact.Latent, cautious.Latent);
            Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_batch_of_texts_of_different_lengths_equals_single_runs_bit_for_bit(string policy)
    {
        var shared = Request(7, 5, policy);
        GenerationRequest[] requests =
        [
            shared,
            shared with { Condition = SmallUNet.Text(3, 6), Seed = 6, Steps = 9 },
            shared with { Condition = SmallUNet.Text(12, 7), Seed = 7, Guidance = new Guidance(1) },
            shared with { Condition = SmallUNet.Text(5, 8), Seed = 8, LatentShape = [4, 7, 10] },
            Request(8, 9, "none"),
            Request(2, 10, "deepcache(interval=2)") with { Guidance = new Guidance(1) },
        ];
        var together = await _pipeline.GenerateAsync(requests);
        for (var i = 0; i < 4; i++)
        {
            var alone = await _pipeline.GenerateAsync(requests[i]);
            Assert.Equal(alone.Latent, together[i].Latent);
            Assert.Equal(alone.Report.Calls, together[i].Report.Calls);
            Assert.Equal(alone.Report.Cost.TotalFlops, together[i].Report.Cost.TotalFlops);
            Assert.Equal(alone.Report.PeakCacheBytes, together[i].Report.PeakCacheBytes);
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public async Task A_text_that_is_not_finite_ends_its_own_run_and_no_other(string policy)
    {
        var request = Request(7, 5, policy);
        var alone = await _pipeline.GenerateAsync(request);
        Assert.All(alone.Latent, value => Assert.True(float.IsFinite(value)));
        await using var engine = new GenerationEngine(_model);
        var tickets = new[] { engine.Submit(request with { Condition = SmallUNet.Text(7, 1, float.NaN) }), engine.Submit(request) };
        await Assert.ThrowsAnyAsync<Exception>(() => tickets[0].Result);
        Assert.Equal(alone.Latent, (await tickets[1].Result).Latent);
    }

    [Fact]
    public async Task The_settings_of_these_tables_save_some_of_the_run()
    {
        var exact = (await _pipeline.GenerateAsync(Request(7, 5, "none"))).Report.Cost.TotalFlops;
        var idle = new List<string>();
        foreach (var policy in Texts(PerSample))
        {
            var report = (await _pipeline.GenerateAsync(Request(7, 5, policy))).Report;
            if (report.Drafted + report.Accepted == 0 || report.Cost.ComputeFlops + report.Cost.DraftFlops >= exact)
            {
                idle.Add(policy);
            }
        }

        Assert.Equal(["none"], idle);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_method_that_needs_a_chain_of_blocks_or_one_grid_of_tokens_is_refused_by_name(string policy)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => _pipeline.GenerateAsync(Request(7, 5, policy)));
        Assert.Matches("chain|steers by ModulatedInput, which this network does not offer|blocks have others|Tokens toca scores the ", error.Message);
    }

    [Fact]
    public async Task Deeper_branches_cost_more_and_follow_the_uncached_run_more_closely()
    {
        var exact = (await _pipeline.GenerateAsync(Request(7, 5, "none"))).Latent;
        var (cost, error) = (0L, double.PositiveInfinity);
        foreach (var branch in new[] { 0, 3, 6, 8 })
        {
            var result = await _pipeline.GenerateAsync(Request(7, 5, $"deepcache(interval=3,branch={branch})"));
            var (own, far) = (result.Report.Cost.TotalFlops, result.Latent.Zip(exact, (a, b) => (double)(a - b) * (a - b)).Sum());
            Assert.True(own > cost, $"branch {branch} costs {own} after {cost}");
            Assert.True(far < 1.2 * error, $"branch {branch} is {far} away after {error}");
            (cost, error) = (own, far);
        }
    }

    [Fact]
    public async Task Pruned_attention_costs_what_its_own_tokens_cost_each_other()
    {
        var exact = await _pipeline.GenerateAsync(Request(7, 5, "none"));
        var pruned = await _pipeline.GenerateAsync(Request(7, 5, "dato(depth=none,ratio=0.5)"));
        var map = _model.Denoiser.Describe([4, 8, 8], []);
        var attentions = map.Sites.Where(s => s.Site.Kind == SiteKind.Attention && s.Feature[0] == 64).ToArray();
        var saved = attentions.Sum(s => s.TotalFlops - s.ClosedFlops(32));
        Assert.Equal(5, attentions.Length);
        Assert.Equal(exact.Report.Cost.TotalFlops - (12 * 2 * saved), pruned.Report.Cost.ComputeFlops + pruned.Report.Cost.DraftFlops);
        long c = attentions[0].Feature[1];
        Assert.Equal(2 * ((32 * 4 * c * c) + (2 * 32 * 32 * c)), attentions[0].ClosedFlops(32)); // four maps, two products of 32 by 32
    }

    [Theory]
    [InlineData("deepcache(branch=9)", "Policy deepcache: branch=9 is none of this network's 9 levels, which count from 0.")]
    [InlineData("dato(ratio=0.8)", "Policy dato: ratio=0.8 prunes base tokens of windows of 2x2; at most 0.75 is left beside them.")]
    public async Task Settings_that_the_network_cannot_have_are_refused_with_both_numbers(string policy, string sentence)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _pipeline.GenerateAsync(Request(7, 5, policy)));
        Assert.Equal(sentence, error.Message);
    }

    [Theory]
    [InlineData("deepcache(interval=3)", "left room for nothing")]
    [InlineData("dato", "left room for nothing")]
    public async Task A_budget_is_kept_and_said(string policy, string said)
    {
        var free = (await _pipeline.GenerateAsync(Request(7, 5, policy))).Report;
        Assert.True(free.PeakCacheBytes > 0);
        var half = (await _pipeline.GenerateAsync(Request(7, 5, policy) with { CacheBudget = free.PeakCacheBytes - 1 })).Report;
        Assert.True(half.PeakCacheBytes < free.PeakCacheBytes);
        Assert.StartsWith($"a budget of {free.PeakCacheBytes - 1} bytes left room for ", half.Note);
        var least = (await _pipeline.GenerateAsync(Request(7, 5, policy) with { CacheBudget = 0 })).Report;
        Assert.Equal((0, 12), (least.PeakCacheBytes, least.Computed));
        Assert.Contains(said, least.Note);
    }

    [Fact]
    public async Task Methods_that_need_levels_are_refused_on_a_chain_of_blocks()
    {
        using var model = SmallDit.Load(_backend);
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

    private static IEnumerable<string> Texts(IEnumerable<object[]> rows) => rows.Select(row => (string)row[0]);

    // What needs a chain of blocks: all but what keeps branches or the output.
    private static bool IsRefused(string policy)
    {
        string[] chains =
        [
            "speca", "toca", "duca", "cg-taylor", "fbcache", "dbcache", "teacache", "seacache", "magcache", "dicache", "delta-dit", "clusca", "l2c",
        ];
        return chains.Contains(policy.Split('(')[0]) || policy.Contains("granularity=block", StringComparison.Ordinal)
            || policy.Contains("tokens=toca", StringComparison.Ordinal);
    }

    private GenerationRequest Request(int tokens, int seed, string policy) =>
        _model.Request(SmallUNet.Text(tokens, seed), seed) with { Cache = PolicyCatalog.Parse(policy) };
}
