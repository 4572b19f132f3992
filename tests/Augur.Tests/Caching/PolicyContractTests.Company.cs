using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <content>Samples beside each other, and on however many threads.</content>
public sealed partial class PolicyContractTests
{
    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_batch_equals_single_runs_bit_for_bit_whatever_the_neighbours(string policy)
    {
        GenerationRequest[] requests =
        [
            Request(3, 5, policy),
            Request(4, 6, policy) with { Steps = 9, Guidance = new Guidance(1) },
            Request(9, 7, policy) with { Sampler = Samplers.Parse(RefusesFreshNoise(policy) ? "dpm++" : "ddpm"), Guidance = new Guidance(4) },
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

    [Fact]
    public async Task What_a_method_draws_follows_the_seed_of_the_request()
    {
        var one = Request(3, 5, "taylorseer(interval=3,tokens=random(k=5))") with { Noise = _ => new TorchCpuNoise(1) };
        var results = await _pipeline.GenerateAsync([one, one with { Seed = 6 }, one]);
        Assert.Equal(results[0].Latent, results[2].Latent);
        Assert.NotEqual(results[0].Latent, results[1].Latent);
    }

    [Fact]
    public async Task Strict_SpeCa_extrapolates_from_no_call_of_its_warm_up_but_the_last_two()
    {
        const string Strict = "speca(preset=paper,warmup=3,min=7,max=8,draft=";
        var results = await _pipeline.GenerateAsync(
            [Request(3, 5, Strict + "taylor(order=2))") with { Steps = 5 }, Request(3, 5, Strict + "taylor(order=1))") with { Steps = 5 }]);
        Assert.Equal(2, results[0].Report.Calls.Count(c => c.Kind == CallKind.Drafted));
        Assert.Equal(results[1].Latent, results[0].Latent);
    }

    // What cannot know a sampler's fresh noise.
    internal static bool RefusesFreshNoise(string policy) =>
        policy.Contains("granularity=block", StringComparison.Ordinal)
        || policy.Contains("speca(preset=paper,granularity=output", StringComparison.Ordinal)
        || policy.StartsWith("meancache", StringComparison.Ordinal);

    [Theory]
    [InlineData("taylorseer(interval=3,granularity=block)", "granularity is branch or output.")]
    [InlineData("speca", "granularity is branch.")]
    public async Task A_stream_that_cannot_know_the_noise_that_a_sampler_adds_is_not_forecast(string policy, string sentence)
    {
        foreach (var sampler in new[] { "ddpm", "ddim(eta=0.5)" })
        {
            var request = Request(3, 5, policy) with { Sampler = Samplers.Parse(sampler) };
            var error = await Assert.ThrowsAsync<ArgumentException>(() => _pipeline.GenerateAsync(request));
            Assert.Equal(
                "granularity=block forecasts the stream behind the last block, which cannot know the fresh noise "
                + "that this sampler adds at each step; " + sentence,
                error.Message);
        }
    }

    [Fact]
    public async Task A_forecast_output_follows_the_noise_that_a_sampler_adds()
    {
        // Without that, forecasts of the output keep the noise of earlier calls, and the picture is noise.
        var request = Request(3, 5, "none") with { Sampler = Samplers.Parse("ddpm"), Steps = 50 };
        var exact = (await _pipeline.GenerateAsync(request)).Latent;
        var output = (await _pipeline.GenerateAsync(request with { Cache = PolicyCatalog.Parse("augur(10)") })).Latent;
        var branches = (await _pipeline.GenerateAsync(request with { Cache = PolicyCatalog.Parse("augur(10,granularity=branch)") })).Latent;
        Assert.InRange(Distance(output), 0, 1.5 * Distance(branches));

        double Distance(float[] latent) => Math.Sqrt(latent.Zip(exact, (a, b) => (double)(a - b) * (a - b)).Sum() / exact.Sum(v => (double)v * v));
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task Samples_that_join_leave_are_cancelled_or_fail_do_not_touch_the_others(string policy)
    {
        var request = Request(3, 5, policy);
        var alone = await _pipeline.GenerateAsync(request);
        var late = request with { Condition = Condition.Class(4), Seed = 6, Guidance = new Guidance(1) };
        var lateAlone = await _pipeline.GenerateAsync(late);

        await using var engine = new GenerationEngine(_model);
        GenerationTicket? joined = null, cancelled = null, failing = null;
        var steady = engine.Submit([request], step =>
        {
            switch (step.StepIndex)
            {
                case 1:
                    cancelled = engine.Submit(request with { Seed = 77, Steps = 1000 }); // still on its way at step 6
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
        var perSample = policy.Contains("decide=batch", StringComparison.Ordinal)
            ? policy.Replace("decide=batch", "decide=sample", StringComparison.Ordinal) : policy[..^1] + ",decide=sample)";
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
}
