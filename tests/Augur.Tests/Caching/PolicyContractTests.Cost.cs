using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;

namespace Augur.Tests.Caching;

/// <content>What a run costs, keeps and reports.</content>
public sealed partial class PolicyContractTests
{
    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public async Task A_report_adds_up(string policy)
    {
        foreach (var sampler in new[] { "ddim", "dpm++" })
        {
            var parsed = PolicyCatalog.Parse(policy);
            var requests = new[] { Request(3, 5, policy), Request(4, 6, policy) with { Guidance = new Guidance(1) } }.Select(
                r => r with { Cache = parsed, Sampler = Samplers.Parse(sampler) });
            foreach (var result in await _pipeline.GenerateAsync([.. requests]))
            {
                var (report, cost, denoiser) = (result.Report, result.Report.Cost, _model.Denoiser.Describe(_model.Denoiser.LatentShape, []));
                long rows = result.Request.Guidance!.Value.NeedsUnconditional ? 2 : 1;
                var drafted = report.Calls.Count(c => c.Kind is CallKind.Drafted or CallKind.Partial);
                Assert.Equal(12, report.Calls.Count);
                Assert.Equal(12, report.Computed + report.Accepted + report.Tolerated + drafted);
                Assert.Equal(report.Drafted, report.Accepted + report.Rejected + report.Tolerated + drafted);
                Assert.True(report.Verified <= report.Calls.Count(c => c.Threshold is not null)); // a gate measures, and verifies nothing
                Assert.Equal(parsed.Name, report.Policy);
                Assert.Equal(rows * 12 * denoiser.FlopsPerRow, report.UncachedFlops);
                Assert.Equal(rows * report.Computed * denoiser.FlopsPerRow, cost.ComputeFlops);
                var isWhole = policy.Contains("granularity=output", StringComparison.Ordinal);
                var verifying = isWhole ? denoiser[Site.Output].TotalFlops : BlockFlops(policy);
                Assert.Equal(rows * report.Verified * verifying, cost.VerifyFlops);
                Assert.Equal(cost.ComputeFlops + cost.DraftFlops + cost.VerifyFlops + cost.ForecastFlops, cost.TotalFlops);
                Assert.True(cost.ForecastFlops > 0 == report.Drafted > 0, $"{report.Drafted} drafts, {cost.ForecastFlops} FLOPs of forecasts");
                var mostOfDraft = report.Calls.Any(c => c.Kind == CallKind.Partial) ? denoiser.FlopsPerRow : denoiser.FlopsPerRow / 4;
                Assert.True(
                    cost.DraftFlops <= rows * report.Drafted * mostOfDraft, $"{report.Drafted} drafts ran {cost.DraftFlops} FLOPs of the network");
                Assert.Equal((double)report.UncachedFlops / cost.TotalFlops, report.FlopsSpeedup);
                Assert.All(report.Calls.Where(c => c.Kind == CallKind.Accepted), c => Assert.True(c.Error <= c.Threshold));
                Assert.All(report.Calls.Where(c => c.Kind is CallKind.Rejected or CallKind.Tolerated), c => Assert.False(c.Error <= c.Threshold));
                Assert.Equal(report.Computed == 12 && report.Drafted == 0
                    && policy != "none", report.Note?.Contains("saved nothing", StringComparison.Ordinal) == true);
            }
        }
    }

    [Fact]
    public async Task The_share_of_verification_shrinks_with_the_sampled_tokens()
    {
        var whole = (await _pipeline.GenerateAsync(Request(3, 5, "speca(preset=paper,granularity=block,base=100)"))).Report.Cost.VerifyFlops;
        var half = (await _pipeline.GenerateAsync(
            Request(3, 5, "speca(preset=paper,granularity=block,base=100,verify=sampled(0.5))"))).Report.Cost.VerifyFlops;
        Assert.True(half < 0.7 * whole, $"{half} of {whole}"); // keys, values and the modulation stay
    }

    [Fact]
    public async Task A_thousand_short_runs_of_changing_policies_take_no_more_memory_than_the_first()
    {
        string[] policies = ["speca(preset=paper,granularity=block,warmup=1,base=0.05)", "taylorseer(interval=2,warmup=1,granularity=block)",
            "fora(interval=2)", "speca(preset=paper,granularity=block,warmup=1,mode=deferred)"];
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
        ((IModulatedNetwork)_model.Denoiser).Modulations.Budget = 0; // what those take is no run's
        var inUse = _backend.BytesInUse;
        await using var engine = new GenerationEngine(_model);
        await engine.Submit(Request(3, 5, policy)).Result;
        Assert.Equal(inUse, _backend.BytesInUse);

        GenerationTicket? ticket = null;
        ticket = engine.Submit([Request(3, 5, policy)], step => _ = step.StepIndex == 5 ? throw new InvalidDataException("fails") : 0, default)[0];
        await Assert.ThrowsAsync<InvalidDataException>(() => ticket.Result);
        Assert.Equal(inUse, _backend.BytesInUse);

        // Cancelled at a call and not at an event: events run beside the calls, and might come when all is done.
        using var cancel = new CancellationTokenSource();
        var request = Request(3, 5, policy);
        var cancelled = engine.Submit(request with { Sampler = new ActingSampler(request.Sampler!, 6, cancel.Cancel) }, cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Result);
        Assert.Equal(inUse, _backend.BytesInUse);
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_budget_is_kept_and_said(string policy)
    {
        var free = (await _pipeline.GenerateAsync(Request(3, 5, policy))).Report;
        var budget = free.PeakCacheBytes - 1;
        Assert.Equal(policy == "none", free.PeakCacheBytes == 0); // every method keeps something
        if (policy == "none")
        {
            return;
        }

        var report = (await _pipeline.GenerateAsync(Request(3, 5, policy) with { CacheBudget = budget })).Report;
        Assert.True(report.PeakCacheBytes <= budget, $"{report.PeakCacheBytes} of {budget}");
        Assert.StartsWith($"a budget of {budget} bytes left room for ", report.Note);
        var least = (await _pipeline.GenerateAsync(Request(3, 5, policy) with { CacheBudget = 0 })).Report;
        var isTokenWise = policy.StartsWith("toca", StringComparison.Ordinal) || policy.StartsWith("duca", StringComparison.Ordinal);
        Assert.Equal((0, 12), (least.PeakCacheBytes, least.Computed)); // a budget is kept, whatever it costs
        Assert.Contains(isTokenWise ? "0 of 4 blocks" : policy.StartsWith("l2c", StringComparison.Ordinal) ? "room for 0 of"
            : "left room for nothing", least.Note);
        if (policy.StartsWith("spectrum", StringComparison.Ordinal))
        {
            return; // it reserves for all of its history, which a short run does not fill
        }

        var exact = (await _pipeline.GenerateAsync(Request(3, 5, policy) with { CacheBudget = free.PeakCacheBytes })).Report;
        Assert.Equal((free.Note, free.PeakCacheBytes), (exact.Note, exact.PeakCacheBytes));
    }


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
        return new[] { Site.Block(3), Site.Attention(3), Site.Mlp(3) }.Sum(
            site => _model.Denoiser.Describe(_model.Denoiser.LatentShape, []).FlopsOf(site, tokens));
    }
}
