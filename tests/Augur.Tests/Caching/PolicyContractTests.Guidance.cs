using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;

namespace Augur.Tests.Caching;

/// <content>Guidance that acts in some calls only, so that rows join and leave.</content>
public sealed partial class PolicyContractTests
{
    [Theory]
    [MemberData(nameof(MostCautious))]
    public async Task At_its_most_cautious_setting_a_policy_is_the_uncached_run_in_a_guidance_interval_too(string policy)
    {
        var exact = await _pipeline.GenerateAsync(In(0.25, 0.75, Request(3, 5, "none")));
        var cautious = await _pipeline.GenerateAsync(In(0.25, 0.75, Request(3, 5, policy)));
        Assert.Equal(exact.Latent, cautious.Latent);
        Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
        Assert.Equal(1, cautious.Report.FlopsSpeedup);
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public async Task A_guidance_interval_of_the_whole_run_changes_nothing(string policy)
    {
        var expected = await _pipeline.GenerateAsync(Request(3, 5, policy));
        var whole = await _pipeline.GenerateAsync(In(0, 1, Request(3, 5, policy)));
        Assert.Equal(expected.Latent, whole.Latent);
        Assert.Equal(expected.Report.Calls, whole.Report.Calls);
        Assert.Equal(Flops(expected), Flops(whole));
        Assert.Equal(expected.Report.Note, whole.Report.Note);
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public void Where_rows_join_or_leave_the_call_is_computed(string policy)
    {
        var company = PolicyCatalog.Parse(policy).DecidesForBatch ? 2 : 1;
        GenerationRequest[] requests = [.. Enumerable.Range(0, company).Select(i => In(0.25, 0.75, Request(3 + i, 5 + i, policy)))];
        foreach (var calls in IntervalCall.Of(_model, requests))
        {
            Assert.Equal([1, 1, 1, 2, 2, 2, 2, 2, 2, 1, 1, 1], calls.Select(c => c.Rows));
            Assert.Equal((CallKind.Computed, CallKind.Computed), (calls[3].Kind, calls[9].Kind));
            Assert.All(calls.Where(c => c.Kind is CallKind.Computed or CallKind.Rejected), c => Assert.True(c.IsTheNetworks));
            Assert.All(calls[^1].Latent, v => Assert.True(float.IsFinite(v)));
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_batch_of_different_guidance_intervals_equals_single_runs_bit_for_bit(string policy)
    {
        GenerationRequest[] requests =
        [
            In(0.25, 0.75, Request(3, 5, policy)),
            In(0, 0.5, Request(4, 6, policy)) with { Steps = 9 },
            Request(9, 7, policy),
            In(0.5, 1, Request(1, 8, "none")),
            In(0.3, 0.9, Request(2, 10, "speca(preset=paper,granularity=block,base=0.05)")),
        ];
        var together = await _pipeline.GenerateAsync(requests);
        var crowded = await new GenerationPipeline(_model) { Options = new() { MaxRows = 3 } }.GenerateAsync([.. requests.Reverse()]);
        for (var i = 0; i < requests.Length; i++)
        {
            var alone = await _pipeline.GenerateAsync(requests[i]);
            foreach (var among in new[] { together[i], crowded[^(i + 1)] })
            {
                Assert.Equal(alone.Latent, among.Latent);
                Assert.Equal(alone.Report.Calls, among.Report.Calls);
                Assert.Equal(Flops(alone), Flops(among));
            }
        }
    }

    [Theory]
    [MemberData(nameof(PerBatch))]
    public async Task Samples_decide_together_only_where_guidance_acts_in_the_same_calls(string policy)
    {
        GenerationRequest[] requests = [In(0.25, 0.75, Request(3, 5, policy)), In(0, 0.5, Request(4, 6, policy)), Request(9, 7, policy)];
        var shared = PolicyCatalog.Parse(policy);
        var together = await _pipeline.GenerateAsync([.. requests.Select(r => r with { Cache = shared })]);
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal((await _pipeline.GenerateAsync(requests[i])).Latent, together[i].Latent);
        }
    }

    private static GenerationRequest In(double start, double end, GenerationRequest request) => request with
    {
        Guidance = new Guidance(1.5, GuidanceChannels.FirstThree) { Interval = new(start, end) },
    };
}
