using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>Faults that caching engines elsewhere have shipped, each as a test by its number in the project's list.</summary>
public sealed class FaultTests : IDisposable
{
    private static readonly string[] s_policies = ["fora", "taylorseer(interval=3)", "taylorseer(interval=3,granularity=output)", "speca(preset=paper,granularity=block,base=0.2)", "speca(preset=paper,base=0.2,granularity=branch)", "speca(preset=dit)"];
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;

    public FaultTests()
    {
        _model = SmallDit.Load(_backend);
        _pipeline = new GenerationPipeline(_model);
    }

    public static TheoryData<string> Policies => [.. s_policies];

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Fault_01_cache_survives_into_the_next_request(string policy)
    {
        var before = Request(1, 1, policy);
        var request = before with { Label = 7, Seed = 2 }; // the same policy object
        await _pipeline.GenerateAsync(before);
        var second = await _pipeline.GenerateAsync(request);
        using var freshBackend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var freshModel = SmallDit.Load(freshBackend);
        var fresh = await new GenerationPipeline(freshModel).GenerateAsync(Request(7, 2, policy));
        Assert.Equal(fresh.Latent, second.Latent);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Fault_02_a_warm_up_request_of_one_step_disables_caching(string policy)
    {
        var request = Request(1, 1, policy);
        var expected = await _pipeline.GenerateAsync(request);
        await using var engine = new GenerationEngine(_model);
        await engine.Submit(request with { Steps = 1 }).Result;
        var after = await engine.Submit(request).Result;
        Assert.True(after.Report.Drafted > 0);
        Assert.Equal(expected.Latent, after.Latent);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Fault_03_another_size_or_step_count_in_between(string policy)
    {
        using var files = new TinyModel();
        using var other = ModelCatalog.Load(files.Folder, _backend);
        await using var engine = new GenerationEngine(_model);
        await using var otherEngine = new GenerationEngine(other);
        var request = Request(1, 1, policy);
        var small = other.Request(1, 1) with { Cache = request.Cache, Steps = 8 };
        var first = (await engine.Submit(request).Result).Latent;
        var firstSmall = (await otherEngine.Submit(small).Result).Latent;
        await engine.Submit(request with { Steps = 5 }).Result;
        var between = engine.Submit(request with { Steps = 30 });
        Assert.Equal(firstSmall, (await otherEngine.Submit(small).Result).Latent);
        Assert.Equal(first, (await engine.Submit(request).Result).Latent);
        await between.Result;
    }

    [Fact]
    public async Task Fault_04_fewer_real_steps_than_requested()
    {
        // Ten steps asked for, of which only the last six are run, as an image-to-image run would: schedules and thresholds go by the six.
        var request = Request(1, 1, "speca(preset=paper,granularity=block,base=100,decay=0.01,warmup=2)") with { Steps = 10, Sampler = new LastCalls(new DdimSampler(), 6) };
        var calls = (await _pipeline.GenerateAsync(request)).Report.Calls;
        Assert.Equal([CallKind.Computed, CallKind.Computed, CallKind.Accepted, CallKind.Accepted, CallKind.Accepted, CallKind.Accepted], calls.Select(c => c.Kind));
        Assert.Equal(Enumerable.Range(2, 4).Select(i => 100 * Math.Pow(0.01, i / 6.0)), calls.Skip(2).Select(c => c.Threshold!.Value));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Fault_05_cancel_or_exception_in_the_middle_then_a_new_request(string policy)
    {
        var expected = await _pipeline.GenerateAsync(Request(1, 1, policy));
        var inUse = _backend.BytesInUse;
        await using var engine = new GenerationEngine(_model);
        var request = Request(1, 1, policy);
        var failing = engine.Submit([request], step => _ = step.StepIndex == 4 ? throw new InvalidDataException("fails") : 0, default)[0];
        await Assert.ThrowsAsync<InvalidDataException>(() => failing.Result);
        using var cancellation = new CancellationTokenSource();
        var cancelled = engine.Submit([request with { Steps = 1000 }], step => cancellation.Cancel(), cancellation.Token)[0];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Result);
        Assert.Equal(inUse, _backend.BytesInUse);
        Assert.Equal(expected.Latent, (await engine.Submit(request).Result).Latent);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Fault_06_enable_disable_enable_and_two_pipelines_on_one_model(string policy)
    {
        var cached = Request(1, 1, policy);
        var plain = Request(1, 1, "none");
        var (first, exact) = (await _pipeline.GenerateAsync(cached), await _pipeline.GenerateAsync(plain));
        await using var engine = new GenerationEngine(_model);
        await using var second = new GenerationEngine(_model);
        foreach (var (request, expected) in new[] { (cached, first), (plain, exact), (cached, first), (Request(1, 1, "taylorseer"), null), (cached, first), (plain, exact) })
        {
            var beside = second.Submit(request);
            var latent = (await engine.Submit(request).Result).Latent;
            Assert.Equal(latent, (await beside.Result).Latent);
            Assert.Equal(expected?.Latent ?? latent, latent);
        }
    }

    [Fact]
    public async Task Fault_07_concurrent_requests_on_one_model_from_many_threads()
    {
        GenerationRequest[] requests = [.. Enumerable.Range(0, 12).Select(i => Request(i % 10, i, s_policies[i % s_policies.Length]) with { Steps = 6 + (i % 3) })];
        var expected = new List<float[]>();
        foreach (var request in requests)
        {
            expected.Add((await _pipeline.GenerateAsync(request)).Latent);
        }

        await using var engine = new GenerationEngine(_model);
        var results = await Task.WhenAll(requests.Select(r => Task.Run(() => engine.Submit(r).Result)));
        var apart = await Task.WhenAll(requests.Select(r => Task.Run(() => _pipeline.GenerateAsync(r))));
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal(expected[i], results[i].Latent);
            Assert.Equal(expected[i], apart[i].Latent);
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Fault_08_conditional_and_unconditional_rows_swap_or_share_state(string policy)
    {
        // The null class needs no guidance: its conditional and unconditional rows are the same, so any scale must draw what no second row draws.
        var nothing = Request(10, 1, policy.Replace("preset=dit", "preset=dit,metric=cosine,base=100,floor=100", StringComparison.Ordinal));
        var oneRow = await _pipeline.GenerateAsync(nothing with { Guidance = new Guidance(1) });
        var guided = await _pipeline.GenerateAsync([nothing with { Guidance = new Guidance(4) }, nothing with { Guidance = new Guidance(1) }]);
        var scale = oneRow.Latent.Max(Math.Abs);
        Assert.All(oneRow.Latent.Zip(guided[0].Latent), p => Assert.Equal(p.First, p.Second, 1e-3f * scale));

        // Samples whose rows swapped or met would depend on who else is guided.
        var guidedAlone = await _pipeline.GenerateAsync(Request(3, 1, policy) with { Guidance = new Guidance(0) });
        var unconditional = await _pipeline.GenerateAsync(Request(10, 1, policy) with { Guidance = new Guidance(1) });
        if (!policy.StartsWith("speca", StringComparison.Ordinal)) // whose decisions see both rows
        {
            Assert.All(unconditional.Latent.Zip(guidedAlone.Latent), p => Assert.Equal(p.First, p.Second, 1e-3f * scale));
        }
    }

    [Fact]
    public void Fault_11_a_feature_changes_its_shape_between_calls()
    {
        foreach (var differentiate in new[] { true, false })
        {
            foreach (Shape shape in new Shape[] { [1, 2, 8], [1, 4, 4], [2, 2, 4], [2, 4] })
            {
                using var scope = TensorScope.Begin();
                using var history = new FeatureHistory(3, DType.Float32);
                history.Observe(Tensor.Full(_backend, [1, 2, 4], 1), 0, differentiate: false);
                var error = Assert.ThrowsAny<ArgumentException>(() => history.Observe(Tensor.Full(_backend, shape, 2), 1, differentiate));
                Assert.Contains($"{shape}", error.Message);
                Assert.Contains("[1, 2, 4]", error.Message);
            }
        }
    }

    [Fact]
    public async Task Fault_12_easy_and_hard_samples_in_one_batch_decide_for_each_other()
    {
        // The allowed error is what half of the samples reach at the first draft.
        GenerationRequest[] requests = [.. Enumerable.Range(0, 10).Select(i => Request(i, i, "speca(preset=paper,granularity=block,base=100)") with { Steps = 16 })];
        var errors = (await _pipeline.GenerateAsync(requests)).Select(r => r.Report.Calls[3].Error!.Value).Order().ToArray();
        var shared = new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.Paper) with { Granularity = Granularity.Block, Base = (errors[4] + errors[5]) / 2, Decay = 1 });
        requests = [.. requests.Select(r => r with { Cache = shared })];
        var together = await _pipeline.GenerateAsync(requests);
        Assert.Equal(5, together.Count(r => r.Report.Calls[3].Kind == CallKind.Rejected));
        Assert.True(together.Select(r => string.Join(",", r.Report.Calls.Select(c => c.Kind))).Distinct().Count() > 1, "all samples are equally hard");
        for (var i = 0; i < requests.Length; i++)
        {
            var alone = await _pipeline.GenerateAsync(requests[i]);
            Assert.Equal(alone.Report.Calls, together[i].Report.Calls);
            Assert.Equal(alone.Latent, together[i].Latent);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Fault_15_forecasts_of_polynomials_up_to_the_claimed_order(int degree)
    {
        foreach (var order in Enumerable.Range(degree, 9 - degree)) // also far above what the history gives
        {
            using var model = new DraftModel(new DraftSettings(new TaylorForecaster(order), Granularity.Branch, DType.Float32), CacheScript.Run(30), verifiedLayer: null);
            using var scope = TensorScope.Begin();
            foreach (var call in new[] { 0, 1, 5 })
            {
                model.BeginComputed(new NetworkCall(call, 30, 0), forgets: false);
                model.Observe(Site.Mlp(0), Tensor.Full(_backend, [1, 2, 4], 2 + (degree * 3 * call)));
                model.BeginDraft(new NetworkCall(call + 3, 30, 0));
                var y = Tensor.Empty(_backend, [1, 2, 4]);
                model.Supply(Site.Mlp(0)).WriteTo(y);
                var expected = call == 0 ? 2 : 2 + (degree * 3 * (call + 3)); // one computed call knows no slope
                Assert.All(y.ToArray(), value => Assert.Equal(expected, value, 1e-4f));
            }
        }
    }

    [Theory]
    [InlineData("speca(preset=paper,granularity=block,base=100,decay=1)")]
    [InlineData("speca(preset=paper,granularity=block,base=100,decay=1,verify=sampled(0.3))")]
    public async Task Fault_17_a_verification_that_is_not_a_number_reads_as_similar(string policy)
    {
        foreach (var poison in new[] { float.NaN, float.PositiveInfinity })
        {
            using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner) { Door = door => new PoisonedVerification(door, inner.Depth, poison) });
            var poisoned = await new GenerationPipeline(model).GenerateAsync(Request(1, 1, policy));
            var exact = await _pipeline.GenerateAsync(Request(1, 1, "none"));
            Assert.Equal(9, poisoned.Report.Rejected); // all but the warm-up
            Assert.Equal(exact.Latent, poisoned.Latent);
            Assert.Equal("the method cost more than it saved", poisoned.Report.Note);
            var deferred = await new GenerationPipeline(model).GenerateAsync(Request(1, 1, policy.Replace("speca(", "speca(mode=deferred,min=0,warmup=1,", StringComparison.Ordinal)));
            Assert.Equal("CDTCDTCDTCDT", string.Concat(deferred.Report.Calls.Select(c => c.Kind.ToString()[0])));
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void Fault_17_differences_that_overflow_are_computed(DType state)
    {
        using var scope = TensorScope.Begin();
        using var cache = new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.Paper) with { Granularity = Granularity.Block, Warmup = 2, Base = 100, Decay = 1, State = state }).Open(CacheScript.Run(10));
        var site = Site.Block(3);
        foreach (var (call, value) in new[] { (0, 3e38f), (1, -3e38f) })
        {
            Assert.Equal(CallPlan.Compute, cache.Begin(new NetworkCall(call, 10, 0)));
            cache.Observe(site, Tensor.Full(_backend, [1, 2, 4], 0), Tensor.Full(_backend, [1, 2, 4], value));
            cache.End();
        }

        Assert.Equal(CallPlan.Draft, cache.Begin(new NetworkCall(2, 10, 0)));
        var draft = Tensor.Empty(_backend, [1, 2, 4]);
        cache.Supply(site).WriteTo(draft);
        cache.Judge(site, draft, Tensor.Full(_backend, [1, 2, 4], -3e38f));
        Assert.Equal(CallKind.Rejected, cache.End().Kind);
    }

    [Theory]
    [InlineData(0f, 0f, true)]
    [InlineData(0f, 1e-3f, false)]
    [InlineData(1e-30f, 1e-3f, false)]
    [InlineData(0f, float.Epsilon, true)]
    public void Fault_18_a_relative_error_divided_by_almost_nothing(float computed, float drafted, bool isAccepted)
    {
        using var scope = TensorScope.Begin();
        foreach (var metric in new[] { ErrorMeasure.NormRatio, ErrorMeasure.RelativeL1, ErrorMeasure.RelativeL2 })
        {
            using var cache = new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.Paper) with { Granularity = Granularity.Block, Warmup = 1, Base = 100, Decay = 1, Metric = metric }).Open(CacheScript.Run(10));
            cache.Begin(new NetworkCall(0, 10, 0));
            cache.End();
            cache.Begin(new NetworkCall(1, 10, 0));
            cache.Judge(Site.Block(3), Tensor.Full(_backend, [1, 2, 4], drafted), Tensor.Full(_backend, [1, 2, 4], computed));
            var outcome = cache.End();
            Assert.Equal(isAccepted ? CallKind.Accepted : CallKind.Rejected, outcome.Kind);
            Assert.True(double.IsFinite(outcome.Error!.Value), $"{metric}: {outcome.Error}");
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
            var pipeline = new GenerationPipeline(model);
            GenerationRequest[] requests = [.. Enumerable.Range(0, 2).Select(i => Request(i, i, policy) with { Sampler = Samplers.Parse(sampler), Steps = 10 - i })];
            var together = await pipeline.GenerateAsync(requests);
            for (var i = 0; i < 2; i++)
            {
                var calls = sampler == "heun" ? (2 * (10 - i)) - 1 : 10 - i;
                Assert.Equal(calls, together[i].Report.Calls.Count);
                Assert.True(together[i].Report.Drafted > 0);
                if (!requests[i].Cache.DecidesForBatch)
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
        using var cache = new ForaPolicy().Open(CacheScript.Run(12) with { Stream = _model.Denoiser.StreamShape, Output = _model.Denoiser.OutputShape });
        var latents = Tensor.From(_backend, [.. Enumerable.Range(0, 256).Select(i => MathF.Sin(i))], [1, 4, 8, 8]);
        var computed = Predict(0, 500, 3);
        Assert.Equal(computed, Predict(1, 500, 3)); // the same input and condition: reuse is exact
        Assert.NotEqual(computed, Predict(2, 500, 4));

        float[] Predict(int call, float time, int label)
        {
            cache.Begin(new NetworkCall(call, 12, time));
            var door = new FeatureDoor([(cache, 1)], _model.Denoiser.FlopsOf, TimeProvider.System);
            var output = _model.Denoiser.Predict(latents, [time], [label], door).ToArray();
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
        var inUse = _backend.BytesInUse;
        long most = 0;
        await using var engine = new GenerationEngine(_model);
        var ticket = engine.Submit([Request(1, 1, policy)], step => most = Math.Max(most, _backend.BytesInUse - inUse), default)[0];
        Assert.Equal(expected, (await ticket.Result).Report.PeakCacheBytes);
        Assert.InRange(most, expected, (1.25 * expected) + 8192); // between calls only the features and the latent live
    }

    [Fact]
    public async Task Fault_25_a_cache_that_does_nothing_or_slows_the_run_keeps_quiet()
    {
        Assert.Equal("the method saved nothing: every call was computed", (await _pipeline.GenerateAsync(Request(1, 1, "speca(preset=paper,granularity=block)") with { Steps = 3 })).Report.Note);
        Assert.Equal("the method saved nothing: every call was computed", (await _pipeline.GenerateAsync(Request(1, 1, "taylorseer(interval=1)"))).Report.Note);
        Assert.Equal("the method cost more than it saved", (await _pipeline.GenerateAsync(Request(1, 1, "speca(preset=paper,granularity=block,base=1e-5,decay=1)"))).Report.Note);
        Assert.Contains("; the method saved nothing", (await _pipeline.GenerateAsync(Request(1, 1, "speca(preset=paper,granularity=block)") with { Steps = 3, CacheBudget = 0 })).Report.Note);
        Assert.Null((await _pipeline.GenerateAsync(Request(1, 1, "speca(preset=paper,granularity=block,base=100)"))).Report.Note);
        Assert.Null((await _pipeline.GenerateAsync(Request(1, 1, "none"))).Report.Note);
    }

    private GenerationRequest Request(int label, long seed, string policy) => _model.Request(label, seed) with { Cache = PolicyCatalog.Parse(policy) };

    /// <summary>Spoils what a verification computes: the last block, where no block before it was run.</summary>
    private sealed class PoisonedVerification(IFeatureCache door, int depth, float poison) : IFeatureCache
    {
        private bool _isComputed;

        public void Offer(Site site, Signal signal, Func<Tensor> value) => door.Offer(site, signal, value);

        public IReadOnlyList<Site> PartsOf(Site span) => door.PartsOf(span);

        public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute) => door.GetOrCompute(site, input, (x, at) =>
        {
            _isComputed |= site == Site.Block(0);
            var y = compute(x, at);
            return _isComputed || site != Site.Block(depth - 1) ? y : y + Tensor.Full(y.Backend, y.Shape, poison);
        });
    }

    /// <summary>A sampler of which only the last calls are made.</summary>
    private sealed class LastCalls(ISampler whole, int count) : ISampler
    {
        public string Name => $"last-{count}-of-{whole.Name}";

        public bool Accepts(Prediction prediction) => whole.Accepts(prediction);

        public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
        {
            var run = whole.Begin(noise, steps, prediction);
            using var scope = TensorScope.Begin();
            while (run.CallIndex < steps - count)
            {
                run.Advance(Tensor.Zeros(noise.Backend, noise.Shape), null, new GivenNoise(default));
            }

            return new Rest(run, count, steps - count);
        }

        private sealed class Rest(ISamplerRun run, int count, int skipped) : ISamplerRun
        {
            public int CallCount => count;

            public int CallIndex => run.CallIndex - skipped;

            public int StepIndex => run.StepIndex - skipped;

            public int StepCount => count;

            public bool IsFinished => run.IsFinished;

            public float Timestep => run.Timestep;

            public double Sigma => run.Sigma;

            public double NoiseToSignal => run.NoiseToSignal;

            public Tensor Latent => run.Latent;

            public Tensor? Estimate => run.Estimate;

            public void Advance(Tensor output, Tensor? variance, INoiseSource noise) => run.Advance(output, variance, noise);

            public void Dispose() => run.Dispose();
        }
    }
}
