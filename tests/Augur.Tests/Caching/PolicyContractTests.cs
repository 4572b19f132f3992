using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>What every caching method keeps to, as tables over the catalog and over settings that decide for each sample.</summary>
public sealed class PolicyContractTests : IDisposable
{
    private const double Base = 0.2; // of strict speca: on the small DiT some drafts pass and some fail
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;

    public PolicyContractTests()
    {
        _model = SmallDit.Load(_backend);
        _pipeline = new GenerationPipeline(_model);
    }

    public static TheoryData<string> MostCautious => [.. PolicyCatalog.All.Select(e => e.MostCautious)];

    /// <summary>Settings under which every sample decides for itself.</summary>
    public static TheoryData<string> PerSample =>
    [
        "none",
        "fora",
        "fora(interval=2,warmup=3)",
        "taylorseer",
        "taylorseer(interval=3,order=2,state=bfloat16)",
        "taylorseer(interval=3,granularity=block)",
        "taylorseer(interval=3,order=2,granularity=block,state=bfloat16)",
        "taylorseer(interval=3,order=1,granularity=output)",
        "taylorseer(interval=3,granularity=output,state=bfloat16)",
        "taylorseer(interval=2,draft=adams-bashforth)",
        "taylorseer(interval=4,draft=reuse,granularity=block)",
        "taylorseer(interval=3,tokens=random(k=5))",
        "augur(4)",
        "augur(calls=6,order=2,granularity=branch,state=bfloat16)",
        "hicache(interval=3)",
        "hicache(interval=4,order=1,sigma=0.7,granularity=block,state=bfloat16)",
        "foca(interval=3)",
        "foca(interval=4,history=stored,granularity=output)",
        "taylorseer(interval=3,draft=chebyshev(history=4))",
        "taylorseer(interval=3,draft=barycentric,granularity=block)",
        "taylorseer(interval=3,draft=dmd,state=bfloat16)",
        $"speca(preset=paper,granularity=block,base={Base},draft=hicache(order=2))",
        $"speca(preset=paper,base={Base},draft=foca,verify=sampled(0.2))",
        $"speca(preset=paper,granularity=block,base={Base},draft=foca(history=stored,slope=difference))",
        $"speca(preset=paper,granularity=block,base={Base},draft=chebyshev)",
        "speca(preset=paper,granularity=block,mode=deferred,base=0.2,min=1,max=4,draft=dmd)",
        $"speca(preset=paper,base={Base},tokens=random(k=3))",
        $"speca(preset=paper,granularity=block,base={Base})",
        $"speca(preset=paper,base={Base},granularity=branch,order=2)",
        $"speca(preset=paper,granularity=block,base={Base},min=1,max=3,state=bfloat16)",
        $"speca(preset=paper,granularity=block,base={Base},verify=sampled(0.5))",
        $"speca(preset=paper,base={Base},verify=sampled(0.2),granularity=branch)",
        $"speca(preset=paper,granularity=block,base={Base},draft=adams-bashforth,metric=cosine)",
        $"speca(preset=paper,granularity=block,base={Base},layer=0)",
        $"speca(preset=paper,base={Base},layer=1,granularity=branch,verify=sampled(0.5))",
        "speca(preset=paper,granularity=block,mode=deferred,base=0.2,min=1,max=4)",
        "speca(preset=paper,granularity=block,mode=deferred,base=0.2,min=1,max=4,layer=-3)",
        "speca(preset=paper,granularity=block,mode=deferred,base=0.2,min=1,max=4,verify=sampled(0.4))",
        "speca(preset=dit,decide=sample)",
        "speca(preset=hunyuan-video,decide=sample)",
        "taylorseer(interval=3,tokens=toca(score=value-norm))",
        $"speca(preset=paper,base={Base},tokens=toca(schedule=constant,ratio=0.2))",
        "toca",
        "toca(preset=ddim50,ratio=0.2)",
        "toca(schedule=constant,ratio=0.3,score=random)",
        "toca(interval=4,schedule=linear,score=similarity,twins=average)",
        "toca(stretch=0,schedule=ddpm250,score=norm,twins=copy,window=3)",
        "duca",
        "duca(preset=ddim50)",
        "duca(preset=random,interval=5)",
        "duca(interval=5,dense_zone=false,score=value-norm,values=large)",
        "cg-taylor(threshold=0.2)",
        "cg-taylor(threshold=0.2,gate=taylor(order=1),draft=taylor(order=2),warmup=1,state=bfloat16)",
        "fbcache(threshold=0.3)",
        "fbcache(threshold=0.3,draft=taylor(order=1))",
        "dbcache(front=1,back=1,threshold=0.3,warmup=2,max_consecutive=2)",
        "dbcache(front=2,back=1,threshold=0.3,warmup=1,max_cached=3,state=bfloat16)",
        "teacache(threshold=0.5)",
        "teacache(threshold=0.5,coefficients=0.5 1 0.01,draft=taylor(order=1),warmup=3)",
        "seacache(threshold=0.5)",
        "seacache(threshold=0.5,power=3,draft=taylor(order=1),warmup=3,state=bfloat16)",
        "magcache(ratios=1 1.1 1.05 1 0.98 0.95,threshold=0.2)",
        "magcache(ratios=1,retention=0,draft=taylor(order=1),state=bfloat16)",
        "easycache(threshold=0.6,warmup=2)",
        "dicache(threshold=0.6)",
        "dicache(threshold=0.05,probe=2,indicator=difference,retention=0)",
        "delta-dit",
        "delta-dit(interval=4,switch=0.3,span=0.25,draft=taylor(order=1),state=bfloat16)",
        "pab(range=3)",
        "pab(range=2,mlp_range=3,mlp_blocks=2,from=0,to=1000,state=bfloat16)",
        "clusca",
        "clusca(interval=3,order=2,k=4,gamma=0.3)",
        "clusca(interval=3,draft=hicache,k=3,gamma=0.1,exact=true)",
        $"speca(preset=paper,base={Base},tokens=clusca(k=3),granularity=branch)",
        "l2c(mask=random(share=0.7,seed=1))",
        "l2c(mask=uniform(share=0.4))",
    ];

    private static readonly string[] s_gatesForBatch =
    [
        "cg-taylor(threshold=0.2,decide=batch)", "dbcache(front=1,back=1,threshold=0.3,warmup=2,decide=batch)", "teacache(threshold=0.5,decide=batch)",
        "seacache(threshold=0.5,decide=batch)",         "easycache(threshold=0.6,warmup=2,decide=batch)", "dicache(threshold=0.6,decide=batch)",
    ];

    /// <summary>Settings under which a batch decides together.</summary>
    public static TheoryData<string> PerBatch => ["speca(preset=dit)", "speca(preset=flux)", $"speca(preset=paper,granularity=block,base={Base},decide=batch)", .. s_gatesForBatch];

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public async Task The_strict_settings_of_these_tables_accept_some_drafts_and_reject_some()
    {
        foreach (var text in ((IEnumerable<object[]>)PerSample).Select(row => (string)row[0]).Where(t => t.Contains($"base={Base}", StringComparison.Ordinal)))
        {
            var report = (await _pipeline.GenerateAsync(Request(3, 5, text))).Report;
            Assert.True(report.Accepted > 0, $"{text} accepts nothing");
        }

        Assert.True((await _pipeline.GenerateAsync(Request(3, 5, $"speca(preset=paper,granularity=block,base={Base})"))).Report.Rejected > 0);
    }

    [Fact]
    public async Task The_reusing_settings_of_these_tables_reuse_some_calls_and_compute_some()
    {
        string[] methods = ["cg-taylor", "fbcache", "dbcache", "teacache", "seacache", "magcache", "easycache", "dicache", "delta-dit", "pab"];
        foreach (var text in ((IEnumerable<object[]>)PerSample).Select(row => (string)row[0]).Concat(s_gatesForBatch).Where(t => methods.Contains(t.Split('(')[0])))
        {
            var report = (await _pipeline.GenerateAsync(Request(3, 5, text))).Report;
            Assert.True(report.Drafted > 1 && report.Computed > 2, $"{text}: {string.Concat(report.Marks.Select(m => m.Letter))}, {string.Join(" ", report.Calls.Select(c => c.Error))}");
        }
    }

    [Theory]
    [MemberData(nameof(MostCautious))]
    public async Task At_its_most_cautious_setting_a_policy_is_the_uncached_run_bit_for_bit(string policy)
    {
        foreach (var sampler in new[] { "ddim", "ddpm", "dpm++" })
        {
            var exact = await _pipeline.GenerateAsync(Request(3, 5, "none") with { Sampler = Samplers.Parse(sampler) });
            var cautious = await _pipeline.GenerateAsync(Request(3, 5, policy) with { Sampler = Samplers.Parse(sampler) });
            Assert.Equal(exact.Latent, cautious.Latent);
            Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
            Assert.Equal(policy == "none" ? null : "the method saved nothing: every call was computed", cautious.Report.Note);
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public async Task The_same_seed_gives_the_same_picture_and_the_same_decisions(string policy)
    {
        var first = await _pipeline.GenerateAsync([Request(3, 5, policy), Request(4, 6, policy)]);
        var second = await _pipeline.GenerateAsync([Request(3, 5, policy), Request(4, 6, policy)]);
        foreach (var (a, b) in first.Zip(second))
        {
            Assert.Equal(a.Latent, b.Latent);
            Assert.Equal(a.Report.Calls, b.Report.Calls);
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_batch_equals_single_runs_bit_for_bit_whatever_the_neighbours(string policy)
    {
        GenerationRequest[] requests =
        [
            Request(3, 5, policy),
            Request(4, 6, policy) with { Steps = 9, Guidance = new Guidance(1) },
            Request(9, 7, policy) with { Sampler = Samplers.Parse("ddpm"), Guidance = new Guidance(4) },
            Request(1, 8, "none"),
            Request(2, 9, "taylorseer(interval=3,granularity=block)") with { Steps = 7 },
            Request(2, 10, "speca(preset=paper,granularity=block,base=0.05)") with { Guidance = new Guidance(1) },
        ];
        var shared = requests[0].Cache; // drafts of one policy object are answered in one call
        requests[1] = requests[1] with { Cache = shared };
        requests[2] = requests[2] with { Cache = shared };
        var together = await _pipeline.GenerateAsync(requests);
        var reversed = await _pipeline.GenerateAsync([.. requests.Reverse()]);
        var crowded = await new GenerationPipeline(_model) { Options = new() { MaxRows = 5 } }.GenerateAsync(requests);
        for (var i = 0; i < 3; i++)
        {
            var alone = await _pipeline.GenerateAsync(requests[i]);
            foreach (var among in new[] { together[i], reversed[^(i + 1)], crowded[i] })
            {
                Assert.Equal(alone.Latent, among.Latent);
                Assert.Equal(alone.Report.Calls, among.Report.Calls);
                Assert.Equal(Flops(alone), Flops(among));
                Assert.Equal(alone.Report.PeakCacheBytes, among.Report.PeakCacheBytes);
            }
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task Samples_that_join_leave_are_cancelled_or_fail_do_not_touch_the_others(string policy)
    {
        var request = Request(3, 5, policy);
        var alone = await _pipeline.GenerateAsync(request);
        var late = request with { Label = 4, Seed = 6, Guidance = new Guidance(1) };
        var lateAlone = await _pipeline.GenerateAsync(late);

        await using var engine = new GenerationEngine(_model);
        GenerationTicket? joined = null, cancelled = null, failing = null;
        var steady = engine.Submit([request], step =>
        {
            switch (step.StepIndex)
            {
                case 1:
                    cancelled = engine.Submit(request with { Seed = 77 });
                    failing = engine.Submit([request with { Seed = 78 }], s => throw new InvalidDataException("this listener fails"), default)[0];
                    break;
                case 4:
                    joined = engine.Submit(late);
                    break;
                case 6:
                    cancelled!.Cancel();
                    break;
            }
        }, default)[0];
        Assert.Equal(alone.Latent, (await steady.Result).Latent);
        Assert.Equal(lateAlone.Latent, (await joined!.Result).Latent);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled!.Result);
        await Assert.ThrowsAsync<InvalidDataException>(() => failing!.Result);
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public async Task The_thread_count_never_changes_a_picture_or_a_decision(string policy)
    {
        using var oneThread = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = SmallDit.Load(oneThread);
        GenerationRequest[] requests = [Request(3, 5, policy), Request(4, 6, policy)];
        var one = await new GenerationPipeline(model).GenerateAsync(requests);
        var two = await _pipeline.GenerateAsync(requests);
        foreach (var (a, b) in one.Zip(two))
        {
            Assert.Equal(a.Latent, b.Latent);
            Assert.Equal(a.Report.Calls, b.Report.Calls);
        }
    }

    [Theory]
    [MemberData(nameof(PerBatch))]
    public async Task A_sample_alone_under_a_policy_that_decides_for_the_batch_decides_for_itself(string policy)
    {
        var perSample = policy.Contains("decide=batch", StringComparison.Ordinal) ? policy.Replace("decide=batch", "decide=sample", StringComparison.Ordinal) : policy[..^1] + ",decide=sample)";
        var batch = await _pipeline.GenerateAsync(Request(3, 5, policy));
        var sample = await _pipeline.GenerateAsync(Request(3, 5, perSample));
        Assert.Equal(sample.Latent, batch.Latent);
        Assert.Equal(sample.Report.Calls, batch.Report.Calls);
    }

    [Theory]
    [MemberData(nameof(PerBatch))]
    public async Task Samples_that_decide_together_share_every_decision_and_begin_apart_do_not(string policy)
    {
        var shared = PolicyCatalog.Parse(policy);
        GenerationRequest[] requests = [Request(3, 5, policy) with { Cache = shared }, Request(4, 6, policy) with { Cache = shared }];
        var together = await _pipeline.GenerateAsync(requests);
        Assert.Equal(together[0].Report.Calls, together[1].Report.Calls);
        Assert.Equal(Flops(together[0]), Flops(together[1]));

        await using var engine = new GenerationEngine(_model);
        var tickets = requests.Select(r => engine.Submit(r)).ToArray(); // two submissions, two batches
        var apart = await Task.WhenAll(tickets.Select(t => t.Result));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((await _pipeline.GenerateAsync(requests[i])).Latent, apart[i].Latent);
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public async Task A_report_adds_up(string policy)
    {
        foreach (var sampler in new[] { "ddim", "dpm++" })
        {
            var parsed = PolicyCatalog.Parse(policy);
            var requests = new[] { Request(3, 5, policy), Request(4, 6, policy) with { Guidance = new Guidance(1) } }.Select(r => r with { Cache = parsed, Sampler = Samplers.Parse(sampler) });
            foreach (var result in await _pipeline.GenerateAsync([.. requests]))
            {
                var (report, cost, denoiser) = (result.Report, result.Report.Cost, _model.Denoiser);
                long rows = result.Request.Guidance!.Value.NeedsUnconditional ? 2 : 1;
                var drafted = report.Calls.Count(c => c.Kind is CallKind.Drafted or CallKind.Partial);
                Assert.Equal(12, report.Calls.Count);
                Assert.Equal(12, report.Computed + report.Accepted + report.Tolerated + drafted);
                Assert.Equal(report.Drafted, report.Accepted + report.Rejected + report.Tolerated + drafted);
                Assert.True(report.Verified <= report.Calls.Count(c => c.Threshold is not null)); // a gate measures, and verifies nothing
                Assert.Equal(parsed.Name, report.Policy);
                Assert.Equal(rows * 12 * denoiser.FlopsPerRow, report.UncachedFlops);
                Assert.Equal(rows * report.Computed * denoiser.FlopsPerRow, cost.ComputeFlops);
                Assert.Equal(rows * report.Verified * BlockFlops(policy), cost.VerifyFlops);
                Assert.Equal(cost.ComputeFlops + cost.DraftFlops + cost.VerifyFlops + cost.ForecastFlops, cost.TotalFlops);
                Assert.True(cost.ForecastFlops > 0 == report.Drafted > 0, $"{report.Drafted} drafts, {cost.ForecastFlops} FLOPs of forecasts");
                var mostOfDraft = report.Calls.Any(c => c.Kind == CallKind.Partial) ? denoiser.FlopsPerRow : denoiser.FlopsPerRow / 4;
                Assert.True(cost.DraftFlops <= rows * report.Drafted * mostOfDraft, $"{report.Drafted} drafts ran {cost.DraftFlops} FLOPs of the network");
                Assert.Equal((double)report.UncachedFlops / cost.TotalFlops, report.FlopsSpeedup);
                Assert.All(report.Calls.Where(c => c.Kind == CallKind.Accepted), c => Assert.True(c.Error <= c.Threshold));
                Assert.All(report.Calls.Where(c => c.Kind is CallKind.Rejected or CallKind.Tolerated), c => Assert.False(c.Error <= c.Threshold));
                Assert.Equal(report.Computed == 12 && report.Drafted == 0 && policy != "none", report.Note is not null && report.FlopsSpeedup >= 1);
            }
        }
    }

    [Fact]
    public async Task The_share_of_verification_shrinks_with_the_sampled_tokens()
    {
        var whole = (await _pipeline.GenerateAsync(Request(3, 5, "speca(preset=paper,granularity=block,base=100)"))).Report.Cost.VerifyFlops;
        var half = (await _pipeline.GenerateAsync(Request(3, 5, "speca(preset=paper,granularity=block,base=100,verify=sampled(0.5))"))).Report.Cost.VerifyFlops;
        Assert.True(half < 0.7 * whole, $"{half} of {whole}"); // keys, values and the modulation stay
    }

    [Fact]
    public async Task A_thousand_short_runs_of_changing_policies_take_no_more_memory_than_the_first()
    {
        string[] policies = ["speca(preset=paper,granularity=block,warmup=1,base=0.05)", "taylorseer(interval=2,warmup=1,granularity=block)", "fora(interval=2)", "speca(preset=paper,granularity=block,warmup=1,mode=deferred)"];
        await using var engine = new GenerationEngine(_model);
        await Run(20);
        var (inUse, taken) = (_backend.BytesInUse, _backend.SystemAllocations);
        await Run(1000);
        Assert.Equal((inUse, taken), (_backend.BytesInUse, _backend.SystemAllocations));

        async Task Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await engine.Submit(Request(i % 10, i, policies[i % 4]) with { Steps = 3 }).Result;
            }
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public async Task Nothing_is_kept_of_a_run_that_finished_failed_or_was_cancelled(string policy)
    {
        var inUse = _backend.BytesInUse;
        await using var engine = new GenerationEngine(_model);
        await engine.Submit(Request(3, 5, policy)).Result;
        Assert.Equal(inUse, _backend.BytesInUse);

        GenerationTicket? ticket = null;
        ticket = engine.Submit([Request(3, 5, policy)], step => _ = step.StepIndex == 5 ? throw new InvalidDataException("fails") : 0, default)[0];
        await Assert.ThrowsAsync<InvalidDataException>(() => ticket.Result);
        Assert.Equal(inUse, _backend.BytesInUse);

        var cancelled = engine.Submit(Request(3, 5, policy) with { Steps = 1000 });
        await foreach (var step in cancelled.ReadEventsAsync())
        {
            if (step.StepIndex == 6)
            {
                cancelled.Cancel();
            }
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Result);
        Assert.Equal(inUse, _backend.BytesInUse);
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_budget_is_kept_and_said(string policy)
    {
        var free = (await _pipeline.GenerateAsync(Request(3, 5, policy))).Report;
        var budget = free.PeakCacheBytes - 1;
        if (free.PeakCacheBytes == 0)
        {
            return;
        }

        var report = (await _pipeline.GenerateAsync(Request(3, 5, policy) with { CacheBudget = budget })).Report;
        Assert.True(report.PeakCacheBytes <= budget, $"{report.PeakCacheBytes} of {budget}");
        Assert.StartsWith($"a budget of {budget} bytes left room for ", report.Note);
        var least = (await _pipeline.GenerateAsync(Request(3, 5, policy) with { CacheBudget = 0 })).Report;
        var isTokenWise = policy.StartsWith("toca", StringComparison.Ordinal) || policy.StartsWith("duca", StringComparison.Ordinal);
        Assert.Contains(
            isTokenWise ? "0 of 4 blocks" : policy.StartsWith("l2c", StringComparison.Ordinal) ? "room for 0 of" : least.PeakCacheBytes == 0 ? "left room for nothing"
                : ComputesTokens(policy) ? "branch, float32, 1 of" : "bfloat16, 1 of",
            least.Note);
        var exact = (await _pipeline.GenerateAsync(Request(3, 5, policy) with { CacheBudget = free.PeakCacheBytes })).Report;
        Assert.Equal((free.Note, free.PeakCacheBytes), (exact.Note, exact.PeakCacheBytes));
    }

    private static bool ComputesTokens(string policy) => policy.Contains("tokens=", StringComparison.Ordinal) || policy.StartsWith("clusca", StringComparison.Ordinal);

    private static (long, long, long, long) Flops(GenerationResult result) =>
        (result.Report.Cost.ComputeFlops, result.Report.Cost.DraftFlops, result.Report.Cost.VerifyFlops, result.Report.Cost.ForecastFlops);

    // FLOPs of running the last block for the tokens that a setting compares.
    private long BlockFlops(string policy)
    {
        var tokens = policy switch
        {
            _ when policy.Contains("verify=sampled(0.5)", StringComparison.Ordinal) => 8,
            _ when policy.Contains("verify=sampled(0.4)", StringComparison.Ordinal) => 6,
            _ when policy.Contains("verify=sampled(0.2)", StringComparison.Ordinal) => 3,
            _ => 16,
        };
        return new[] { Site.Block(3), Site.Attention(3), Site.Mlp(3) }.Sum(site => _model.Denoiser.FlopsOf(site, tokens));
    }

    private GenerationRequest Request(int label, long seed, string policy) => _model.Request(label, seed) with { Cache = PolicyCatalog.Parse(policy) };
}
