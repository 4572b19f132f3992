using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Tests.Caching;

/// <content>Faults of a run: its calls, its picture, its cost.</content>
public sealed partial class FaultTests
{
    [Fact]
    public async Task Fault_12_easy_and_hard_samples_in_one_batch_decide_for_each_other()
    {
        // The allowed error is what half of the samples reach at the first draft.
        GenerationRequest[] requests =
            [.. Enumerable.Range(0, 10).Select(i => Request(i, i, "speca(preset=paper,granularity=block,base=100)") with { Steps = 16 })];
        var errors = (await _pipeline.GenerateAsync(requests)).Select(r => r.Report.Calls[3].Error!.Value).Order().ToArray();
        var shared = new SpeCaPolicy(
            SpeCaOptions.Released(SpeCaPreset.Paper) with { Granularity = Granularity.Block, Base = (errors[4] + errors[5]) / 2, Decay = 1 });
        requests = [.. requests.Select(r => r with { Cache = shared })];
        var together = await _pipeline.GenerateAsync(requests);
        Assert.Equal(5, together.Count(r => r.Report.Calls[3].Kind == CallKind.Rejected));
        Assert.True(
            together.Select(r => string.Join(",", r.Report.Calls.Select(c => c.Kind))).Distinct().Count() > 1, "all samples are equally hard");
        for (var i = 0; i < requests.Length; i++)
        {
            var alone = await _pipeline.GenerateAsync(requests[i]);
            Assert.Equal(alone.Report.Calls, together[i].Report.Calls);
            Assert.Equal(alone.Latent, together[i].Latent);
        }
    }

    [Theory]
    [InlineData("speca(preset=paper,granularity=block,base=0)")]
    [InlineData("speca(preset=paper,base=0,granularity=branch,state=bfloat16)")]
    [InlineData("speca(preset=paper,granularity=block,mode=deferred,base=0)")]
    [InlineData("speca(preset=dit,base=0,floor=0)")]
    [InlineData("taylorseer(interval=1)")]
    [InlineData("fora(interval=1)")]
    public async Task Fault_19_lossless_is_not_lossless_or_not_free(string policy)
    {
        var exact = await _pipeline.GenerateAsync(Request(1, 1, "none"));
        var lossless = await _pipeline.GenerateAsync(Request(1, 1, policy));
        Assert.Equal(exact.Latent, lossless.Latent);
        Assert.Equal(exact.Report.Cost.TotalFlops, lossless.Report.Cost.TotalFlops);
        Assert.Equal(12, lossless.Report.Computed);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Fault_20_the_same_seed_draws_another_picture_elsewhere_in_the_batch(string policy)
    {
        var requests = Enumerable.Range(0, 5).Select(i => Request(2, 3, policy)).ToArray();
        var results = await _pipeline.GenerateAsync(requests);
        Assert.All(results, r => Assert.Equal(results[0].Latent, r.Latent));
        Assert.All(results, r => Assert.Equal(results[0].Report.Calls, r.Report.Calls));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Fault_21_two_calls_in_a_step_fresh_noise_or_a_multistep_history(string policy)
    {
        using var flow = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner) { Prediction = Prediction.Flow });
        foreach (var (model, sampler) in new[] { (flow, "heun"), (_model, "ddpm"), (_model, "ddim(eta=1)"), (_model, "dpm++") })
        {
            if (policy.Contains("granularity=block", StringComparison.Ordinal) && Samplers.Parse(sampler).AddsNoise)
            {
                continue; // refused: A_stream_that_cannot_know_the_noise_that_a_sampler_adds_is_not_forecast
            }

            var pipeline = new GenerationPipeline(model);
            GenerationRequest[] requests =
                [.. Enumerable.Range(0, 2).Select(i => Request(i, i, policy) with { Sampler = Samplers.Parse(sampler), Steps = 10 - i })];
            var together = await pipeline.GenerateAsync(requests);
            for (var i = 0; i < 2; i++)
            {
                var calls = sampler == "heun" ? (2 * (10 - i)) - 1 : 10 - i;
                Assert.Equal(calls, together[i].Report.Calls.Count);
                Assert.True(together[i].Report.Drafted > 0);
                if (!requests[i].Cache!.DecidesForBatch)
                {
                    Assert.Equal((await pipeline.GenerateAsync(requests[i])).Latent, together[i].Latent);
                }
            }
        }
    }

    [Fact]
    public async Task Fault_21_calls_and_not_steps_are_counted()
    {
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner) { Prediction = Prediction.Flow });
        var request = Request(1, 1, "taylorseer(interval=4,warmup=2)") with { Sampler = Samplers.Parse("heun"), Steps = 6 };
        var calls = (await new GenerationPipeline(model).GenerateAsync(request)).Report.Calls;
        Assert.Equal("CCDDDCDDDCD", string.Concat(calls.Select(c => c.Kind.ToString()[0])));
    }

    [Fact]
    public void Fault_23_conditioning_that_changes_in_the_middle_of_a_run()
    {
        // A branch that is reused passes the gate of today's condition, so a new label or timestep shows at once, and nothing is mixed up.
        using var scope = TensorScope.Begin();
        using var cache = new ForaPolicy().Open(CacheScript.Run(12) with { Map = _model.Denoiser.Describe(_model.Denoiser.LatentShape, []) });
        var latents = Tensor.From(_backend, [.. Enumerable.Range(0, 256).Select(i => MathF.Sin(i))], [1, 4, 8, 8]);
        var computed = Predict(0, 500, 3);
        Assert.Equal(computed, Predict(1, 500, 3)); // the same input and condition: reuse is exact
        Assert.NotEqual(computed, Predict(2, 500, 4));

        float[] Predict(int call, float time, int label)
        {
            cache.Begin(new NetworkCall(call, 12, time));
            var input = NetworkInput.OfClasses(_model.Denoiser, latents, [time], [label]);
            var output = _model.Denoiser.Predict(input, _model.Denoiser.Door(cache, 1)).ToArray();
            cache.End();
            return output;
        }
    }

    [Theory]
    [InlineData("speca(preset=paper,granularity=branch)", 2 * 4 * 1024 * 2 * 5 * 4)]
    [InlineData("speca(preset=paper,granularity=block)", 2 * 1024 * 2 * 5 * 4)]
    [InlineData("speca(preset=paper,granularity=block,state=bfloat16)", 2 * 1024 * 2 * 5 * 2)]
    [InlineData("taylorseer(granularity=block,order=1)", 1024 * 2 * 2 * 4)]
    [InlineData("taylorseer(granularity=output)", 512 * 2 * 5 * 4)]
    [InlineData("fora", 2 * 4 * 1024 * 2 * 1 * 4)]
    [InlineData("none", 0)]
    public async Task Fault_24_peak_memory_is_that_of_the_granularity_and_is_measured(string policy, long expected)
    {
        long most = 0, inUse = 0;
        using var model = SmallDit.Load(
            _backend,
            inner => new WatchedDenoiser(inner) { Before = _ => most = Math.Max(most, _backend.BytesInUse) },
            keepsModulations: false);
        inUse = _backend.BytesInUse;
        await using var engine = new GenerationEngine(model);
        var ticket = engine.Submit(Request(1, 1, policy));
        Assert.Equal(expected, (await ticket.Result).Report.PeakCacheBytes);
        Assert.InRange(most - inUse, expected, (1.25 * expected) + 8192); // between calls only the features and the latent live
    }

    [Fact]
    public async Task Fault_25_a_cache_that_does_nothing_or_slows_the_run_keeps_quiet()
    {
        Assert.Equal("the method saved nothing: every call was computed",
            (await _pipeline.GenerateAsync(Request(1, 1, "speca(preset=paper,granularity=block)") with { Steps = 3 })).Report.Note);
        Assert.Equal("the method saved nothing: every call was computed",
            (await _pipeline.GenerateAsync(Request(1, 1, "taylorseer(interval=1)"))).Report.Note);
        Assert.Equal("the method cost more than it saved",
            (await _pipeline.GenerateAsync(Request(1, 1, "speca(preset=paper,granularity=block,base=1e-5,decay=1)"))).Report.Note);
        Assert.Contains("; the method saved nothing",
            (await _pipeline.GenerateAsync(Request(1, 1, "speca(preset=paper,granularity=block)") with { Steps = 3, CacheBudget = 0 })).Report.Note);
        Assert.Null((await _pipeline.GenerateAsync(Request(1, 1, "speca(preset=paper,granularity=block,base=100)"))).Report.Note);
        Assert.Null((await _pipeline.GenerateAsync(Request(1, 1, "none"))).Report.Note);
    }
}
